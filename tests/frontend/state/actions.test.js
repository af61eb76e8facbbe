import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";
import { mlpOf } from "../../../frontend/app/state/mlp.js";

const { session } = await import("../../../frontend/app/state/session.js");

/** @type {import("./server.js").FakeServer} */
let server;

beforeEach(async () => {
  server = await fresh();
});

/** @param {number} ms */
const moments = (ms) => new Promise((go) => setTimeout(go, ms));

/**
 * The run has gone on to this step.
 * @param {number} step
 * @param {"running" | "paused" | "finished"} status
 */
function wentOn(step, status = "running") {
  assert.ok(shown.progress.value && shown.run.value);
  shown.progress.value = { ...shown.progress.value, step, status };
  shown.run.value = { ...shown.run.value, status };
}

test("a live change goes to the run that is there", async () => {
  await actions.change("optimizer.lr", 0.1);
  assert.equal(shown.run.value?.id, "run1");
  assert.deepEqual(server.made("POST /api/runs/run1/commands")[0]?.body, {
    kind: "set",
    changes: { "optimizer.lr": 0.1 },
  });
  assert.deepEqual(shown.written.value, { optimizer: { lr: 0.1 } });
  assert.equal(shown.spec.value?.optimizer.lr, 0.1);
});

test("changes made while one is under way go together, and the last word counts", async () => {
  await moments(60);
  const first = actions.change("optimizer.lr", 0.1);
  await moments(5);
  const others = [0.2, 0.3, 0.4].map((value) => actions.change("optimizer.lr", value));
  assert.equal(shown.spec.value?.optimizer.lr, 0.4, "shown at once");
  await Promise.all([first, ...others]);
  const sent = server.made("POST /api/runs/run1/commands").map(({ body }) => body.changes["optimizer.lr"]);
  assert.deepEqual(sent, [0.1, 0.4]);
  assert.equal(shown.spec.value?.optimizer.lr, 0.4);
});

test("a dragged knob sends twenty commands a second at most, and the last of it", async () => {
  const start = performance.now();
  let dragged = Promise.resolve();
  let value = 0;
  while (performance.now() < start + 400) {
    dragged = actions.change("optimizer.lr", (value += 0.001));
    await moments(2);
  }
  while (shown.changing.value) await moments(5);
  await dragged;
  const sent = server.made("POST /api/runs/run1/commands");
  assert.ok(sent.length <= 1 + (performance.now() - start) / 50, `${sent.length} commands`);
  assert.equal(sent.at(-1)?.body.changes["optimizer.lr"], value);
  assert.equal(shown.spec.value?.optimizer.lr, value);
});

test("what the server says meanwhile does not jump under the hand", async () => {
  await moments(60);
  const before = structuredClone(shown.run.value);
  const changed = actions.change("optimizer.lr", 0.1);
  assert.ok(before);
  session.update(before);
  assert.equal(shown.spec.value?.optimizer.lr, 0.1);
  await changed;
  assert.equal(shown.spec.value?.optimizer.lr, 0.1);
});

test("any other change makes a new run, playing if the old one did, and says so", async () => {
  wentOn(100);
  await actions.change("model.hidden", [4]);
  assert.equal(shown.run.value?.id, "run2");
  assert.deepEqual(server.made("POST /api/runs")[0]?.body, {
    spec: { model: { hidden: [4] } },
    name: "Spiral, 4 tanh",
    start: true,
    pace: 120,
    parent: "run1",
  });
  assert.match(store.notices.value[0]?.text ?? "", /Started a new run: 4/);
  assert.deepEqual(store.runs.value.map(({ id }) => id), ["run2", "run1"]);
});

test("the run before rests: nobody looks at it any more", async () => {
  await actions.play();
  wentOn(100);
  server.calls = [];
  await actions.change("model.hidden", [4]);
  const paused = server.made("POST /api/runs/run1/commands");
  assert.deepEqual(paused.map(({ body }) => body), [{ kind: "pause" }]);
  assert.equal(server.runs.get("run2").status, "running");
  wentOn(50);
  actions.viewStep(20);
  await actions.play();
  assert.equal(server.made("POST /api/runs/run2/commands").length, 1);
});

test("a button that was not obeyed says again what is so", async () => {
  const working = globalThis.fetch;
  for (const status of [401, 503]) {
    Object.assign(globalThis, { fetch: async () => Response.json({ error: { code: "x" } }, { status }) });
    await actions.play();
    assert.equal(shown.run.value?.status, "paused");
  }
  Object.assign(globalThis, { fetch: working });
});

test("a run of this page that never took a step leaves nothing behind", async () => {
  await actions.change("model.hidden", [4]);
  assert.equal(server.made("DELETE /api/runs/run1").length, 1);
  assert.deepEqual(store.runs.value.map(({ id }) => id), ["run2"]);
});

test("a run that somebody else made is never deleted", async () => {
  await actions.openRun("run1");
  const shared = [...server.runs.values()][0];
  server.runs.set("theirs", { ...shared, id: "theirs" });
  await actions.openRun("theirs");
  await actions.change("model.hidden", [4]);
  assert.ok(server.runs.has("theirs"));
});

test("a refused change is said at its path, and the old run and value stay", async () => {
  await actions.change("model.hidden", [600]);
  assert.equal(shown.run.value?.id, "run1");
  assert.deepEqual(mlpOf(shown.spec.value)?.hidden, [8, 8]);
  assert.equal(shown.errors.value.get("model.hidden.0")?.message, "too wide");
  await actions.change("optimizer.lr", 1e9);
  assert.equal(shown.spec.value?.optimizer.lr, 0.01);
  assert.deepEqual([...shown.errors.value.keys()], ["optimizer.lr"]);
  await actions.change("optimizer.lr", 0.1);
  assert.equal(shown.errors.value.size, 0);
});

test("looking back, a live change waits and goes with the fork", async () => {
  wentOn(500);
  actions.viewStep(200);
  await actions.change("optimizer.lr", 0.3);
  assert.deepEqual(server.made("POST /api/runs/run1/commands"), []);
  await actions.play();
  assert.deepEqual(server.made("POST /api/runs/run1/forks")[0]?.body, {
    step: 200,
    changes: { "optimizer.lr": 0.3 },
    start: true,
    pace: 120,
  });
  assert.equal(shown.run.value?.id, "run2");
  assert.equal(shown.run.value?.status, "running");
  assert.equal(shown.viewedStep.value, null);
  assert.deepEqual(shown.written.value, { optimizer: { lr: 0.3 } });
});

test("what waits stays in the form when another change is refused", async () => {
  wentOn(500);
  actions.viewStep(200);
  await actions.change("optimizer.lr", 0.3);
  await actions.change("model.hidden", [600]);
  assert.equal(shown.spec.value?.optimizer.lr, 0.3);
  assert.deepEqual(mlpOf(shown.spec.value)?.hidden, [8, 8]);
});

test("back to live drops what waited", async () => {
  wentOn(500);
  actions.viewStep(200);
  await actions.change("optimizer.lr", 0.3);
  actions.viewStep(null);
  assert.deepEqual(shown.pending.value, {});
  assert.equal(shown.spec.value?.optimizer.lr, 0.01);
});

test("looking at the present or beyond is live", () => {
  wentOn(500);
  actions.viewStep(900);
  assert.equal(shown.viewedStep.value, null);
  actions.viewStep(-4);
  assert.equal(shown.viewedStep.value, 0);
});

test("reset is a fork at step 0 that keeps the live changes", async () => {
  await actions.change("optimizer.lr", 0.1);
  wentOn(300);
  await actions.reset();
  assert.deepEqual(server.made("POST /api/runs/run1/forks")[0]?.body, {
    step: 0,
    changes: {},
    start: false,
    pace: 120,
  });
  assert.equal(shown.run.value?.id, "run2");
  assert.equal(shown.spec.value?.optimizer.lr, 0.1);
  assert.equal(shown.run.value?.status, "paused");
});

test("a run at its end takes no more changes: another goes on from there", async () => {
  await actions.change("training.steps", 300);
  wentOn(300, "finished");
  await actions.change("optimizer.lr", 0.3);
  await actions.play();
  assert.deepEqual(server.made("POST /api/runs/run1/forks")[0]?.body, {
    step: 300,
    changes: { "training.steps": null, "optimizer.lr": 0.3 },
    start: true,
    pace: 120,
  });
  assert.equal(server.made("POST /api/runs/run1/commands").length, 1, "only that of the first change");
});

test("another seed is another run", async () => {
  await actions.newSeed();
  assert.deepEqual(shown.written.value, { seed: 1 });
});

test("a run of the list that has left the server starts again with its settings", async () => {
  const known = { id: "lost", name: "x", note: "", written: { seed: 7 }, loss: 1, step: 9, at: 0 };
  store.runs.value = [...store.runs.value, known];
  await actions.openRun("lost");
  assert.equal(shown.spec.value?.seed, 7);
  assert.ok(!store.runs.value.some(({ id }) => id === "lost"));
});

test("a link to a run that is gone offers its settings, or says how to get them", async () => {
  await actions.openRun("nowhere", { seed: 3 });
  assert.deepEqual(shown.written.value, { seed: 3 });
  assert.match(shown.failure.value?.hint ?? "", /Its settings are still here/);
  await actions.openRun("nowhere");
  assert.deepEqual(shown.written.value, {}, "those of another run are not offered as its own");
  assert.match(shown.failure.value?.hint ?? "", /The link has no settings.* ask its sender .* start a new run/);
});

test("settings of a link that cannot be run give way to the default ones, with the reason", async () => {
  shown.run.value = null;
  await actions.newRun({ model: { hidden: [9999] } });
  assert.deepEqual(shown.written.value, {});
  assert.match(store.notices.value[0]?.text ?? "", /too wide/);
});

test("a server that does not answer is said, and the run stays", async () => {
  Object.assign(globalThis, { fetch: () => Promise.reject(new TypeError("no network")) });
  await actions.change("model.hidden", [3]);
  assert.equal(shown.run.value?.id, "run1");
  assert.equal([...shown.errors.value.values()][0]?.code, "unreachable");
});
