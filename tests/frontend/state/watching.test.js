import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";

const { forget } = await import("../../../frontend/app/state/history.js");
const { session } = await import("../../../frontend/app/state/session.js");
const { ownership, ownershipOf } = await import("../../../frontend/app/state/ownership.js");

/** @type {import("./server.js").FakeServer} */
let server;

/** The lecturer's run is on the page, and goes on at step 400. */
beforeEach(async () => {
  server = await fresh();
  const [made] = server.runs.values();
  server.runs.set("theirs", { ...made, id: "theirs", owner: "lecturer", pace: 5, status: "running", step: 400 });
  await actions.openRun("theirs");
  server.calls = [];
});

const commands = () => server.calls.filter(({ path }) => path.endsWith("/commands"));
const notice = () => store.notices.value.at(-1);

test("whose a run is", () => {
  const member = { id: "a", administrator: false };
  assert.equal(ownershipOf(member, "a"), "own");
  assert.equal(ownershipOf(member, "b"), "watched");
  assert.equal(ownershipOf(member, ""), "watched");
  assert.equal(ownershipOf({ id: "a", administrator: true }, "b"), "other");
  assert.equal(ownershipOf({ id: "a", administrator: true }, "a"), "own");
  assert.equal(ownershipOf({ id: "local", administrator: true }, "b"), "own", "nobody to be told apart");
});

for (const [name, act] of Object.entries({
  toggle: () => actions.toggle(),
  play: () => actions.play(),
  pause: () => actions.pause(),
  step: () => actions.step({ steps: 1 }),
  epoch: () => actions.step({ epochs: 1 }),
  "another speed": () => actions.setPace(500),
})) {
  test(`${name} asks nothing of a run that can only be watched, and offers one that does`, async () => {
    assert.equal(ownership.value, "watched");
    await act();
    assert.deepEqual(server.calls, []);
    assert.equal(shown.run.value?.status, "running", "the button does not pretend");
    assert.equal(shown.pace.value, 5, "the speed shown is the run's");
    assert.equal(notice()?.tone, "plain");
    assert.equal(notice()?.action?.label, "Fork this run");
  });
}

test("the run made of it is one's own, and the way back is there", async () => {
  await actions.forkWatched();
  assert.deepEqual(server.made("POST /api/runs/theirs/forks")[0]?.body, {
    step: null,
    changes: {},
    start: true,
    pace: 5,
  });
  assert.equal(ownership.value, "own");
  assert.match(notice()?.text ?? "", /This run is yours. It continues from step 400/);
  const back = store.runs.value.find(({ id }) => id === "theirs");
  assert.equal(back?.ownership, "watched");
  assert.equal(store.runs.value.find(({ id }) => id === shown.run.value?.id)?.ownership, "own");
  notice()?.action?.act();
  while (shown.run.value?.id !== "theirs") await new Promise((go) => setTimeout(go, 1));
  assert.equal(ownership.value, "watched");
});

test("a fork of a paused run is paused, and one of the past shows what was looked at", async () => {
  assert.ok(shown.progress.value);
  shown.progress.value = { ...shown.progress.value, status: "paused" };
  await actions.forkWatched();
  assert.equal(server.made("POST /api/runs/theirs/forks")[0]?.body.start, false);
  await actions.openRun("theirs");
  actions.viewStep(200);
  await actions.forkWatched();
  const { step, start } = server.made("POST /api/runs/theirs/forks")[1]?.body;
  assert.deepEqual([step, start], [200, false]);
});

test("the step in the words is the one that the fork has, not the one that the page had seen", async () => {
  server.runs.get("theirs").step = 414;
  await actions.change("optimizer.lr", 0.2);
  assert.match(notice()?.text ?? "", /This run is yours. It continues from step 414, with η = 0.2/);
  assert.equal(shown.progress.value?.step, 414);
  assert.match(store.runs.value[0]?.note ?? "", /^from step 414/);
});

test("a press counts once, however often", async () => {
  await Promise.all([actions.forkWatched(), actions.forkWatched(), actions.forkWatched()]);
  assert.equal(server.made("POST /api/runs/theirs/forks").length, 1);
});

test("a live knob makes a run of one's own with that change, from here; the hand goes on in it", async () => {
  const first = actions.change("optimizer.lr", 0.2);
  await new Promise((go) => setTimeout(go, 70));
  await Promise.all([first, actions.change("optimizer.lr", 0.3)]);
  while (shown.changing.value) await new Promise((go) => setTimeout(go, 5));
  const forks = server.made("POST /api/runs/theirs/forks");
  assert.equal(forks.length, 1);
  assert.deepEqual(forks[0]?.body.changes, { "optimizer.lr": 0.2 });
  const own = shown.run.value?.id;
  assert.notEqual(own, "theirs");
  assert.equal(commands()[0]?.path, `/api/runs/${own}/commands`);
  assert.deepEqual(commands()[0]?.body.changes, { "optimizer.lr": 0.3 });
  assert.equal(shown.spec.value?.optimizer.lr, 0.3);
  assert.equal(server.runs.get("theirs").spec_in_force.optimizer.lr, 0.01);
  assert.match(store.notices.value[0]?.text ?? "", /This run is yours.*η = 0.2/);
});

test("the value that a slider gives again on release is not sent to the fork that has it", async () => {
  const dragged = actions.change("optimizer.lr", 0.2);
  await new Promise((go) => setTimeout(go, 70));
  await Promise.all([dragged, actions.change("optimizer.lr", 0.2)]);
  while (shown.changing.value) await new Promise((go) => setTimeout(go, 5));
  await actions.change("optimizer.lr", 0.2);
  assert.deepEqual(server.made("POST /api/runs/theirs/forks")[0]?.body.changes, { "optimizer.lr": 0.2 });
  assert.deepEqual(commands(), [], "its journal has the change once");
  await actions.change("optimizer.lr", 0.3);
  assert.deepEqual(commands()[0]?.body.changes, { "optimizer.lr": 0.3 });
});

test("a knob that restarts makes a new run of one's own, and theirs goes on", async () => {
  await actions.change("model.hidden", [4]);
  assert.equal(ownership.value, "own");
  assert.match(notice()?.text ?? "", /Started a run of your own: 4. The run you watched continues/);
  assert.equal(server.made("POST /api/runs")[0]?.body.parent, "theirs", "it varies the watched run");
  assert.ok(server.runs.has("theirs"));
});

test("looking back is free, and going on from there is a run of one's own", async () => {
  actions.viewStep(100);
  await actions.play();
  assert.equal(server.made("POST /api/runs/theirs/forks")[0]?.body.step, 100);
  assert.equal(ownership.value, "own");
});

test("theirs leaves the list, not the server", async () => {
  await actions.deleteRun("theirs");
  assert.ok(!server.calls.some(({ method }) => method === "DELETE"));
  assert.ok(!store.runs.value.some(({ id }) => id === "theirs"));
  assert.notEqual(shown.run.value?.id, "theirs");
});

test("what left the list stays off it, though its stream has not ended yet", () => {
  forget("theirs");
  server.tell({ kind: "progress", ...shown.progress.value, status: "paused" });
  assert.equal(shown.run.value?.status, "paused", "it is still the one on the page");
  assert.ok(!store.runs.value.some(({ id }) => id === "theirs"));
});

test("the speed that is shown is the owner's, whatever it is by now", () => {
  assert.ok(shown.run.value);
  session.update({ ...shown.run.value, pace: 25 });
  assert.equal(shown.pace.value, 25);
});

test("of whose it is only the last word stands", async () => {
  await actions.play();
  await actions.forkWatched();
  assert.equal(store.notices.value.length, 1);
  assert.match(notice()?.text ?? "", /This run is yours/);
});

test("an administrator commands it, and knows whose it is", async () => {
  server.me = { id: "lecturer", administrator: true };
  store.me.value = { id: "boss", administrator: true };
  assert.equal(ownership.value, "other");
  await actions.pause();
  assert.equal(commands().length, 1);
  assert.deepEqual(store.notices.value, []);
});

test("a browser that forgot who it was is told gently", async () => {
  await actions.openRun("run1");
  server.me = { id: "somebody new", administrator: false };
  await actions.play();
  assert.equal(ownership.value, "watched");
  assert.equal(notice()?.tone, "plain");
  assert.equal(notice()?.action?.label, "Fork this run");
});

const full = { status: 429, code: "too_many", message: "No other run makes room", path: "", hint: "Unpin one" };

test("without room for another run the old one stays, the knob goes back, and it is said what to do", async () => {
  server.full = full;
  await actions.change("optimizer.lr", 0.2);
  assert.equal(shown.run.value?.id, "theirs");
  assert.equal(shown.spec.value?.optimizer.lr, 0.01);
  assert.equal(shown.errors.value.size, 0, "the value is at no fault");
  await new Promise((go) => setTimeout(go, 5));
  assert.equal(notice()?.text, "No other run makes room. Unpin one.");
  notice()?.action?.act();
  assert.equal(store.makingRoom.value, true);
  store.makingRoom.value = false;
});

test("what is one's own and rests can make room", async () => {
  const { deleteAll, ownRuns, isInactive } = await import("../../../frontend/app/state/quota.js");
  await actions.openRun("run1");
  await actions.forkWatched();
  const found = await ownRuns();
  assert.deepEqual(found.map(({ id }) => id), ["run1"], "neither theirs nor the one on the page");
  assert.ok(found.every(isInactive));
  await deleteAll(found);
  assert.ok(!server.runs.has("run1"));
  assert.ok(!store.runs.value.some(({ id }) => id === "run1"));
});
