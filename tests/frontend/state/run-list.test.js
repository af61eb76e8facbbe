/** The list of all runs: what is asked of the server, what is held, and what is done to several runs. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { fresh, shown, store } from "./fresh.js";

const { RunList } = await import("../../../frontend/app/state/run-list.js");
const { PAGE } = await import("../../../frontend/app/state/run-pages.js");
const { leaving, sendDeletions } = await import("../../../frontend/app/state/deletions.js");

/** @type {import("./server.js").FakeServer} */
let server;
/** @type {InstanceType<typeof RunList>} */
let list;

const breath = () => new Promise((go) => setImmediate(go));
const ids = () => list.runs.value?.map(({ id }) => id);
/** The queries that were sent for lists. */
const queries = () =>
  server.calls
    .filter(({ method, path }) => method === "GET" && path.startsWith("/api/runs?"))
    .map(({ path }) => Object.fromEntries(new URLSearchParams(path.split("?")[1])));

/** @param {number} count @param {(at: number) => object} [how] */
function fill(count, how = () => ({})) {
  const [pattern] = server.runs.values();
  server.runs.clear();
  for (let at = 0; at < count; at++) {
    const id = `r${String(at).padStart(4, "0")}`;
    server.runs.set(id, { ...structuredClone(pattern), id, name: `Run ${at}`, step: at, created_at: at, ...how(at) });
  }
}

beforeEach(async () => {
  mock.timers.reset();
  list?.close();
  server = await fresh();
  leaving.value = new Set();
  list = new RunList();
});

test("the newest come first, a page at a time, and the number of all is known", async () => {
  fill(120);
  await list.open();
  assert.equal(ids()?.length, PAGE);
  assert.equal(ids()?.[0], "r0119");
  assert.equal(list.total.value, 120);
  await list.more();
  await list.more();
  assert.equal(ids()?.length, 120);
  assert.equal(list.next.value, null);
  assert.deepEqual(queries()[2], { order: "-created_at", limit: "50", cursor: "100" });
  await list.more();
  assert.equal(queries().length, 3, "there is no further page");
});

test("filters and orders are the server's, and begin a new list", async () => {
  fill(60, (at) => ({ status: at % 2 ? "running" : "paused", tags: at % 3 ? [] : ["a"] }));
  await list.open();
  list.toggle("r0059");
  await list.filter({ status: "running", tag: "a" });
  await list.sort("step");
  assert.deepEqual(ids()?.slice(0, 3), ["r0003", "r0009", "r0015"]);
  assert.deepEqual(queries().at(-1), { status: "running", tag: "a", order: "step", limit: "50" });
  assert.equal(list.count.value, 0, "what cannot be seen is not selected");
  assert.equal(list.isFiltered.value, true);
  await list.showAll();
  assert.equal(list.total.value, 60);
});

test("a search is sent once nothing has been typed for a moment", async () => {
  fill(12);
  await list.open();
  mock.timers.enable({ apis: ["setTimeout"] });
  for (const text of ["r", "ru", "Run 1"]) list.search(text);
  mock.timers.tick(190);
  assert.equal(queries().length, 1);
  mock.timers.tick(20);
  while (list.busy.value) await breath();
  assert.deepEqual(queries().map(({ name }) => name), [undefined, "Run 1"]);
  assert.deepEqual(ids(), ["r0011", "r0010", "r0001"]);
});

test("an answer to an earlier query is dropped", async () => {
  fill(4, (at) => ({ status: at % 2 ? "running" : "paused" }));
  await list.open();
  server.dawdle();
  const first = list.filter({ status: "running" });
  const second = list.filter({ status: "paused" });
  await breath();
  server.hurry({ reversed: true });
  await Promise.all([first, second]);
  assert.deepEqual(ids(), ["r0002", "r0000"]);
});

test("it stays up to date while it is open, with what is selected and held", async () => {
  fill(70);
  mock.timers.enable({ apis: ["setTimeout"] });
  await list.open();
  await list.more();
  list.toggle("r0001");
  list.toggle("r0003");
  server.runs.delete("r0003");
  Object.assign(server.runs.get("r0001"), { step: 999 });
  mock.timers.tick(5900);
  assert.equal(queries().length, 2, "a list of two pages is requested half as often");
  mock.timers.tick(200);
  while (queries().length < 3 || list.runs.value?.length === 70) await breath();
  assert.equal(ids()?.length, 69);
  assert.deepEqual(list.selection.value.map(({ id, step }) => [id, step]), [["r0001", 999]]);
  list.close();
  mock.timers.tick(60_000);
  await breath();
  assert.equal(queries().length, 3);
});

test("a server that does not answer leaves the list as it was, and is asked again", async () => {
  fill(3);
  await list.open();
  server.refusals = [{ status: 500, code: "broken", message: "It failed", path: "", hint: "" }];
  await list.refresh();
  assert.equal(list.problem.value?.code, "broken");
  assert.equal(ids()?.length, 3);
  await list.refresh();
  assert.equal(list.problem.value, null);
});

test("a run that has not changed is the same object, so that its row is not drawn again", async () => {
  fill(2);
  await list.open();
  const before = list.runs.value ?? [];
  server.runs.get("r0001").step = 77;
  await list.refresh();
  assert.equal(list.runs.value?.[1], before[1]);
  assert.notEqual(list.runs.value?.[0], before[0]);
});

test("curves are requested once, and again when a run has many more rows", async () => {
  fill(3, (at) => ({ rows: 100, curve: [[0, 1], [10, at]] }));
  await list.open();
  const asked = () => server.calls.filter(({ path }) => path.startsWith("/api/runs/curves")).length;
  assert.deepEqual(list.curves.value.get("r0002"), { rows: 100, points: [[0, 1], [10, 2]] });
  server.runs.get("r0001").rows = 104;
  await list.refresh();
  assert.equal(asked(), 1);
  server.runs.get("r0001").rows = 110;
  await list.refresh();
  assert.deepEqual(server.calls.at(-1)?.path, "/api/runs/curves?id=r0001");
});

test("runs of others are not selected with the rest, unless by an administrator", async () => {
  fill(4, (at) => ({ owner: at % 2 ? "me" : "ann" }));
  await list.open();
  list.toggleAll();
  assert.deepEqual(list.selection.value.map(({ id }) => id), ["r0003", "r0001"]);
  assert.equal(list.commandsAll.value, false);
  list.chooseWhole();
  assert.equal(list.whole.value, false);
  list.toggleAll();
  assert.equal(list.count.value, 0);
  store.me.value = { id: "me", administrator: true };
  list.toggleAll();
  assert.equal(list.count.value, 4);
});

test("a deletion of several is one request, once it can no longer be undone", async () => {
  fill(4, (at) => ({ pinned: at === 3 }));
  await list.open();
  for (const id of ["r0000", "r0001", "r0003"]) list.toggle(id);
  await list.remove();
  assert.deepEqual(ids(), ["r0002"]);
  assert.equal(list.total.value, 1);
  assert.equal(store.notices.value.at(-1)?.text, "Deleted 3 runs, 1 of them marked “Keep”.");
  store.notices.value.at(-1)?.action?.act();
  assert.equal(ids()?.length, 4);
  assert.equal(await sendDeletions(), false);
  for (const id of ["r0000", "r0001", "r0003"]) list.toggle(id);
  await list.remove();
  await sendDeletions();
  const deletions = server.calls.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  assert.deepEqual(deletions, ["/api/runs?id=r0001&id=r0000&pinned=false", "/api/runs?id=r0003&pinned=true"]);
  await list.refresh();
  assert.deepEqual([ids(), [...server.runs.keys()]], [["r0002"], ["r0002"]]);
});

test("a refused deletion brings the runs back", async () => {
  fill(2);
  await list.open();
  list.toggleAll();
  await list.remove();
  server.refusals = [{ status: 500, code: "broken", message: "It failed", path: "", hint: "" }];
  await sendDeletions();
  assert.deepEqual(ids(), ["r0001", "r0000"]);
  assert.equal(store.notices.value.at(-1)?.text, "It failed.");
});

test("the run on the page makes room for another one when it is deleted with others", async () => {
  const here = shown.run.value?.id ?? "";
  Object.assign(server.runs.get(here), { step: 5 });
  await list.open();
  list.toggleAll();
  await list.remove();
  assert.notEqual(shown.run.value?.id, here);
  assert.ok(shown.run.value);
});

test("all runs that match are paused and deleted by the query, whatever was received", async () => {
  fill(120, (at) => ({ status: at % 2 ? (at % 4 === 1 ? "running" : "queued") : "paused", owner: at < 100 ? "ann" : "me", pinned: at === 7 }));
  store.me.value = { id: "lecturer", administrator: true };
  await list.open();
  await list.filter({ owner: "ann" });
  list.toggleAll();
  list.chooseWhole();
  assert.equal(list.count.value, 100);
  await list.pause();
  const asked = "owner=ann&created_after=0&status=running&status=queued";
  assert.deepEqual(server.made(`POST /api/runs/commands?${asked}`)[0]?.body, { kind: "pause" });
  assert.equal(server.runs.get("r0001").status, "paused");
  assert.equal(server.runs.get("r0101").status, "running");
  assert.equal(store.notices.value.at(-1)?.text, "Paused 50 runs.");
  await list.removeWhole();
  assert.equal(store.notices.value.at(-1)?.text, "Deleted 99 runs.");
  assert.equal(server.runs.size, 21);
  assert.deepEqual(ids(), ["r0007"]);
});

test("a name, tags and a pin are changed in place", async () => {
  fill(2, (at) => ({ tags: at ? ["a"] : [] }));
  await list.open();
  await list.change("r0001", { name: "Best", pinned: true });
  assert.deepEqual(server.made("PATCH /api/runs/r0001")[0]?.body, { name: "Best", pinned: true });
  assert.equal(list.runs.value?.[0]?.name, "Best");
  list.toggleAll();
  await list.tag("a");
  assert.deepEqual(server.made("PATCH /api/runs/r0000")[0]?.body, { tags: ["a"] });
  assert.equal(server.made("PATCH /api/runs/r0001").length, 1, "it has the tag already");
  assert.deepEqual(list.seen.value.tags, ["a"]);
});
