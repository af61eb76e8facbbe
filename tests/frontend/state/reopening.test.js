/** Which run a visit shows: an address without a run opens the viewer's last one, and makes one only if there is none. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";

const { forget } = await import("../../../frontend/app/state/history.js");
const { openAddress } = await import("../../../frontend/app/state/opening.js");
const { deleteLeftovers } = await import("../../../frontend/app/state/quota.js");

/** @type {import("./server.js").FakeServer} */
let server;

beforeEach(async () => {
  server = await fresh();
  Object.assign(globalThis.location, { hash: "" });
});

/** Another visit of the same browser: nothing is on the page yet. @param {string} [hash] */
async function visit(hash = "") {
  shown.run.value = null;
  shown.progress.value = null;
  store.notices.value = [];
  server.calls = [];
  Object.assign(globalThis.location, { hash });
  await openAddress();
}

const made = () => server.made("POST /api/runs").length;
const notice = () => store.notices.value.at(-1);

/** The run on the page has come to a step. @param {number} step */
function at(step) {
  server.runs.get(shown.run.value?.id ?? "").step = step;
  server.tell({ kind: "progress", ...shown.progress.value, step });
}

test("a second visit opens the run of the first, quietly while nothing has happened to it", async () => {
  for (let time = 0; time < 25; time++) await visit();
  assert.equal(shown.run.value?.id, "run1");
  assert.deepEqual([made(), server.runs.size], [0, 1]);
  assert.deepEqual(store.notices.value, []);
});

test("the last run that has trained is opened with a word, and a new one is a press away", async () => {
  at(400);
  await visit();
  assert.equal(shown.run.value?.id, "run1");
  assert.match(notice()?.text ?? "", /This is your last run. It is at step 400/);
  notice()?.action?.act();
  while (shown.run.value?.id === "run1") await new Promise((go) => setTimeout(go, 1));
  assert.equal(shown.progress.value?.step, 0);
  assert.ok(server.runs.has("run1"));
});

test("a run that is no longer there is passed over, and so is another person's", async () => {
  at(400);
  await actions.newRun({ seed: 2 });
  at(10);
  server.runs.delete("run2");
  await visit();
  assert.equal(shown.run.value?.id, "run1");
  server.runs.get("run1").owner = "lecturer";
  await visit();
  assert.equal(made(), 1);
  assert.equal(shown.run.value?.owner, "me");
});

test("a link makes one run, and opens that one from then on", async () => {
  const link = `#spec=${JSON.stringify({ seed: 4 })}`;
  await visit(link);
  assert.equal(made(), 1);
  const first = shown.run.value?.id;
  await visit(link);
  assert.deepEqual([shown.run.value?.id, made()], [first, 0]);
  at(50);
  await actions.change("optimizer.lr", 0.5);
  await visit(link);
  assert.deepEqual([shown.run.value?.id, made()], [first, 0]);
  assert.match(notice()?.text ?? "", /You started this run from the same link before. It is at step 50/);
  notice()?.action?.act();
  while (shown.run.value?.id === first) await new Promise((go) => setTimeout(go, 1));
  assert.deepEqual([shown.spec.value?.seed, shown.spec.value?.optimizer.lr], [4, 0.01]);
});

test("a link with the settings of an untouched run opens that run, and one with others makes its own", async () => {
  await visit(`#spec=${JSON.stringify({ seed: 4 })}`);
  const first = shown.run.value?.id;
  await visit(`#spec=${JSON.stringify({ seed: 5 })}`);
  assert.notEqual(shown.run.value?.id, first);
  assert.equal(made(), 1);
});

test("a run whose settings were those of a link and that has trained is not the link's", async () => {
  await actions.newRun({ seed: 4 });
  const trained = shown.run.value?.id;
  at(30);
  await visit(`#spec=${JSON.stringify({ seed: 4 })}`);
  assert.notEqual(shown.run.value?.id, trained);
});

test("an untouched run that a later visit changes leaves nothing behind", async () => {
  await visit();
  await actions.change("model.hidden", [4]);
  await new Promise((go) => setTimeout(go, 5));
  assert.ok(!server.runs.has("run1"));
  assert.equal(server.runs.size, 1);
});

test("what never took a step is deleted, if a page of this browser made it and no page shows it", async () => {
  const entry = { name: "n", note: "n", written: {}, loss: null, step: 0, at: Date.now() };
  const [run] = server.runs.values();
  for (const id of ["left", "scripted", "trained"]) server.runs.set(id, { ...run, id, step: id === "trained" ? 9 : 0 });
  store.runs.value = [
    ...store.runs.value,
    { ...entry, id: "left", made: true },
    { ...entry, id: "scripted" },
    { ...entry, id: "trained", made: true },
  ];
  await deleteLeftovers();
  assert.ok(server.runs.has("left"), "it may be on another page");
  assert.equal(await deleteLeftovers(0), true);
  assert.deepEqual([...server.runs.keys()].sort(), ["run1", "scripted", "trained"]);
  forget("trained");
});

const full = { status: 429, code: "too_many", message: "No other run makes room", path: "", hint: "Unpin one" };

test("without room for a first run, play says what to do", async () => {
  server.runs.clear();
  store.runs.value = [];
  server.full = full;
  await visit();
  assert.equal(shown.failure.value?.code, "too_many");
  await actions.play();
  assert.equal(notice()?.text, "No other run makes room. Unpin one.");
});

test("an untouched run that another tab has deleted is made again", async () => {
  const { replaceUntouched } = await import("../../../frontend/app/state/opening.js");
  const stop = replaceUntouched();
  server.runs.delete("run1");
  shown.failure.value = { code: "gone", message: "", path: "", hint: "" };
  while (shown.run.value?.id === "run1") await new Promise((go) => setTimeout(go, 1));
  assert.equal(shown.failure.value, null);
  at(20);
  shown.failure.value = { code: "deleted", message: "", path: "", hint: "" };
  await new Promise((go) => setTimeout(go, 5));
  assert.equal(shown.failure.value?.code, "deleted", "one that has trained is not");
  stop();
});
