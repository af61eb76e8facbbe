/** A deletion can be undone until its notice is gone; only then is the server asked. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";

const { sendDeletions } = await import("../../../frontend/app/state/deletions.js");
const { deletedProblem } = await import("../../../frontend/app/state/stream-end.js");

/** @type {import("./server.js").FakeServer} */
let server;

const breath = () => new Promise((go) => setImmediate(go));

beforeEach(async () => {
  mock.timers.reset();
  server = await fresh();
  const [made] = server.runs.values();
  server.runs.clear();
  for (const id of ["one", "two"]) {
    server.runs.set(id, { ...structuredClone(made), id, name: id, step: 100 });
    await actions.openRun(id);
  }
  store.runs.value = store.runs.value.filter(({ id }) => server.runs.has(id));
  store.notices.value = [];
  server.calls = [];
});

const deletions = () => server.calls.filter(({ method }) => method === "DELETE").map(({ path }) => path);
const listed = () => store.runs.value.map(({ id }) => id);
const notice = () => store.notices.value.at(-1);

test("a deleted run leaves the list at once and the server once its notice is gone", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await actions.deleteRun("one");
  assert.deepEqual(listed(), ["two"]);
  assert.equal(notice()?.text, "Deleted “one”.");
  mock.timers.tick(11_900);
  assert.deepEqual(deletions(), []);
  mock.timers.tick(200);
  await breath();
  assert.deepEqual(deletions(), ["/api/runs/one"]);
  assert.deepEqual(store.notices.value, []);
  assert.ok(!server.runs.has("one"));
});

test("who undoes it has the run again, and the server was never asked", async () => {
  await actions.deleteRun("one");
  notice()?.action?.act();
  assert.deepEqual(listed().sort(), ["one", "two"]);
  assert.equal(await sendDeletions(), false);
  assert.deepEqual(deletions(), []);
  assert.equal(shown.run.value?.id, "two");
});

test("a run that was on the page returns to it, and what took its place leaves nothing behind", async () => {
  await actions.deleteRun("one");
  await actions.deleteRun("two");
  const other = shown.run.value?.id ?? "";
  assert.notEqual(other, "two");
  assert.equal(server.runs.get(other).step, 0);
  notice()?.action?.act();
  while (server.runs.has(other)) await breath();
  assert.equal(shown.run.value?.id, "two");
  assert.deepEqual(listed(), ["two"]);
});

test("what takes the place of a run that trained rests, and undoing lets the run train again", async () => {
  await actions.deleteRun("one");
  await actions.play();
  await actions.deleteRun("two");
  const other = shown.run.value?.id ?? "";
  assert.equal(server.runs.get(other).status, "paused");
  notice()?.action?.act();
  while (server.runs.has(other) || server.runs.get("two").status !== "running") await breath();
  assert.equal(shown.run.value?.id, "two");
});

test("a run that never took a step can be brought back, too", async () => {
  server.runs.clear();
  store.runs.value = [];
  await actions.newRun({ seed: 5 });
  const id = shown.run.value?.id ?? "";
  store.runs.value = store.runs.value.filter((one) => one.id === id);
  await actions.deleteRun(id);
  for (let i = 0; i < 20; i++) await breath();
  const other = shown.run.value?.id ?? "";
  assert.notEqual(other, id);
  assert.ok(server.runs.has(id), "the server still has it");
  notice()?.action?.act();
  while (shown.run.value?.id !== id || server.runs.has(other)) await breath();
  assert.deepEqual(listed(), [id]);
});

test("a deletion that the server refuses brings the run back", async () => {
  await actions.deleteRun("one");
  server.refusals = [{ status: 500, code: "internal", message: "A fault", path: "", hint: "" }];
  await sendDeletions();
  assert.deepEqual(listed().sort(), ["one", "two"]);
  assert.equal(notice()?.text, "A fault.");
});

test("a run on the page that no other can replace stays", async () => {
  server.refusals = [{ status: 500, code: "internal", message: "A fault", path: "", hint: "" }];
  await actions.deleteRun("two");
  assert.equal(shown.run.value?.id, "two");
  assert.deepEqual(listed().sort(), ["one", "two"]);
  assert.equal(await sendDeletions(), false);
});

test("a page that is left sends its deletions", async () => {
  await actions.deleteRun("one");
  assert.equal(await sendDeletions({ keepalive: true }), true);
  assert.deepEqual(deletions(), ["/api/runs/one"]);
});

test("where there is no room for another run, a deletion that waits makes room", async () => {
  await actions.deleteRun("one");
  // Described first; then refused as often as the page tries by itself.
  const full = { status: 429, code: "too_many", message: "No other run makes room", path: "", hint: "" };
  server.refusals = [null, full, full, full, full];
  const before = shown.run.value?.id;
  await actions.change("model.hidden", [4]);
  assert.notEqual(shown.run.value?.id, before);
  assert.deepEqual(deletions(), ["/api/runs/one"]);
});

test("another person's run leaves the list alone, and can return to it", async () => {
  const [run] = server.runs.values();
  server.runs.set("theirs", { ...run, id: "theirs", owner: "lecturer" });
  await actions.openRun("theirs");
  await actions.deleteRun("theirs");
  assert.match(notice()?.text ?? "", /off this list. It stays on the server/);
  assert.equal(await sendDeletions(), false);
  notice()?.action?.act();
  while (shown.run.value?.id !== "theirs") await breath();
  assert.ok(listed().includes("theirs"));
});

test("an administrator learns whose run was deleted, and can undo it as well", async () => {
  const [run] = server.runs.values();
  server.runs.set("theirs", { ...run, id: "theirs", name: "theirs", owner: "0123456789abcdef" });
  store.me.value = { id: "boss", administrator: true };
  await actions.openRun("theirs");
  await actions.deleteRun("theirs");
  assert.equal(notice()?.text, "Deleted “theirs”, a run of 0123.");
  assert.deepEqual(deletions(), []);
  notice()?.action?.act();
  while (shown.run.value?.id !== "theirs") await breath();
});

test("the page says who may have deleted the run on it", () => {
  /** @param {import("../../../frontend/app/state/ownership.js").Ownership} whose @param {object} [how] */
  const said = (whose, how) => deletedProblem(whose, { listed: true, shared: true, ...how }).message;
  assert.match(said("own"), /^An administrator/);
  assert.equal(said("own", { listed: false, here: true }), "You deleted this run.");
  assert.match(said("own", { listed: false }), /^You deleted this run in another tab/);
  assert.match(said("own", { shared: false }), /another browser or by a script/);
  assert.match(said("watched"), /^Its owner or an administrator/);
});
