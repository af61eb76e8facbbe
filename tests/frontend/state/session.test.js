/** What the stream of a run tells the page: it needs to ask for nothing. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";

const { RunState } = await import("../../../frontend/app/state/run-state.js");
const { Session } = await import("../../../frontend/app/state/session.js");

/** @type {import("./server.js").FakeServer} */
let server;

beforeEach(async () => {
  server = await fresh();
});

const breath = () => new Promise((go) => setTimeout(go, 1));

/** @param {object} more */
const tellRun = (more) => server.tell({ kind: "run", run: { ...shown.run.value, ...more } });

test("what is told to all viewers makes none of them ask", async () => {
  const spec = structuredClone(shown.run.value?.spec_in_force);
  assert.ok(spec);
  const command = { kind: "set", changes: { "optimizer.lr": 0.5 } };
  spec.optimizer.lr = 0.5;
  for (let change = 0; change < 40; change++) {
    tellRun({ spec_in_force: spec, journal: [{ step: 1, command }] });
    server.tell({ kind: "applied", command, step: 1 });
    for (const status of ["running", "paused", "finished"]) {
      server.tell({ kind: "progress", ...shown.progress.value, status, step: change });
    }
    tellRun({ status: "paused" });
    server.tell({ kind: "snapshots", steps: [0, change] });
    await breath();
  }
  assert.deepEqual(server.calls, []);
  assert.equal(shown.spec.value?.optimizer.lr, 0.5, "the form follows all the same");
});

/** A change as the stream reports it. @param {number} start @param {object[]} entries @param {number} lr */
const tellChange = (start, entries, lr, version = 1) => {
  const spec = structuredClone(shown.run.value?.spec_in_force);
  assert.ok(spec);
  const { model, optimizer, regularization, training } = spec;
  const { status, step, name, pace } = shown.run.value ?? {};
  server.tell({
    kind: "change",
    run: { status, step, name, pace, journal_version: version },
    spec_in_force: { model, optimizer: { ...optimizer, lr }, regularization, training },
    journal: { start, entries },
  });
};

/** @param {number} value */
const rate = (value, step = 0) => ({ step, command: { kind: "set", changes: { "optimizer.lr": value } } });

test("a change brings its own entries, and the others stay", () => {
  const data = shown.run.value?.spec_in_force.data;
  tellChange(0, [rate(0.1), rate(0.2, 1)], 0.2);
  tellChange(1, [rate(0.3, 1)], 0.3);
  tellChange(2, [rate(0.4, 2)], 0.4);
  tellChange(3, [], 0.4);
  assert.deepEqual(shown.run.value?.journal, [rate(0.1), rate(0.3, 1), rate(0.4, 2)]);
  assert.equal(shown.spec.value?.optimizer.lr, 0.4, "the form follows");
  assert.equal(shown.run.value?.spec_in_force.data, data, "what cannot change is not sent");
});

test("a late answer does not bring back an entry that another has replaced", async () => {
  server.dawdle({ late: true });
  const changed = actions.change("optimizer.lr", 0.2);
  await new Promise((go) => setTimeout(go, 60));
  tellChange(0, [rate(0.6)], 0.6, 9);
  server.hurry();
  await changed;
  assert.deepEqual(shown.run.value?.journal, [rate(0.6)]);
});

test("the steps with a snapshot come by the stream", () => {
  server.tell({ kind: "snapshots", steps: [0, 30, 60] });
  assert.deepEqual(shown.steps.value, [0, 30, 60]);
  const known = shown.steps.value;
  server.tell({ kind: "snapshots", steps: [0, 30, 60] });
  assert.equal(shown.steps.value, known, "the same again changes nothing");
});

test("another run begins with the first step alone", async () => {
  server.tell({ kind: "snapshots", steps: [0, 30] });
  await actions.change("model.hidden", [4]);
  assert.deepEqual(shown.steps.value, [0]);
});

test("a run that is opened, played, stepped and changed is never asked for its steps", async () => {
  await actions.openRun("run1");
  await actions.step({ steps: 1 });
  await actions.play();
  await actions.pause();
  await actions.change("optimizer.lr", 0.2);
  await breath();
  assert.ok(!server.calls.some(({ path }) => path.endsWith("/snapshots")));
});

test("the pace that is shown is that of the run, whoever has chosen it", () => {
  tellRun({ pace: 25 });
  assert.equal(shown.pace.value, 25);
});

test("a pace that was refused is not shown", async () => {
  server.refusals = [{ status: 500, code: "internal", message: "A fault", path: "", hint: "" }];
  await actions.setPace(500);
  assert.equal(shown.pace.value, 120);
});

test("an answer that is late does not undo what the stream has said since", async () => {
  server.dawdle({ late: true });
  const changed = actions.change("optimizer.lr", 0.2);
  await new Promise((go) => setTimeout(go, 60));
  tellRun({ status: "running", step: 7 });
  server.hurry();
  await changed;
  assert.equal(shown.run.value?.status, "running");
  assert.equal(shown.spec.value?.optimizer.lr, 0.2);
});

test("two refusals take back what two buttons have said", async () => {
  const fault = { status: 500, code: "internal", message: "A fault", path: "", hint: "" };
  server.dawdle();
  server.refusals = [fault, fault];
  const pressed = [actions.toggle(), actions.toggle()];
  await breath();
  server.hurry();
  await Promise.all(pressed);
  assert.equal(shown.run.value?.status, "paused");
});

test("a run that comes back without its last steps is shown as it stands now", async () => {
  const { series } = shown;
  const run = shown.run.value;
  assert.ok(run);
  const columns = ["row", "step", "train_loss"];
  server.tell({ kind: "run", incarnation: "a", run: { ...run, step: 30 } });
  server.tell({ kind: "series", columns, rows: [[1, 0, 0.5], [2, 10, 0.4], [3, 20, 0.3], [4, 30, 0.2]] });
  actions.viewStep(20);
  server.tell({ kind: "run", incarnation: "b", run: { ...run, step: 10 } });
  assert.equal(series.cursor, 2);
  assert.equal(shown.progress.value?.step, 10);
  assert.equal(shown.viewedStep.value, null, "a step that is not there any more cannot be looked at");
  assert.match(store.notices.value.at(-1)?.text ?? "", /back at step 10; it had reached step 30/);
  server.tell({ kind: "series", columns, rows: [[3, 20, 0.35]] });
  assert.equal(series.value("train_loss"), 0.35);
});

test("a second run beside the first has its own state, rows and stream", () => {
  const { run, progress, described } = shown;
  assert.ok(run.value && described.value);
  const columns = ["row", "step", "train_loss"];
  const second = new RunState(store.catalogue);
  const first = server.stream;
  new Session(second).show({ ...run.value, id: "second" }, {}, described.value);
  server.tell({ ...progress.value, step: 7 });
  server.tell({ kind: "series", columns, rows: [[1, 7, 0.5]] });
  assert.equal(second.progress.value?.step, 7);
  assert.equal(second.series.cursor, 1);
  assert.equal(progress.value?.step, 0);
  assert.equal(shown.series.cursor, 0);
  server.stream = first;
  server.tell({ ...progress.value, step: 3 });
  assert.equal(progress.value?.step, 3);
  assert.equal(second.progress.value?.step, 7);
});
