/** Which run comes onto the page, of several that are chosen: the last one, whichever answer is first. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";
import { sendDeletions } from "../../../frontend/app/state/deletions.js";
import { mlpOf } from "../../../frontend/app/state/mlp.js";

/** @type {import("./server.js").FakeServer} */
let server;

const breath = () => new Promise((go) => setImmediate(go));

beforeEach(async () => {
  server = await fresh();
  const [made] = server.runs.values();
  server.runs.clear();
  for (const id of ["one", "two", "three"]) {
    server.runs.set(id, { ...structuredClone(made), id, name: id, step: 100 });
    await actions.openRun(id);
  }
  store.runs.value = store.runs.value.filter(({ id }) => server.runs.has(id));
  server.calls = [];
});

/** @type {{[name: string]: {choose: () => unknown, comes: (id: string) => boolean}}} */
const CHOICES = {
  "another run": { choose: () => actions.openRun("one"), comes: (id) => id === "one" },
  "a third run": { choose: () => actions.openRun("two"), comes: (id) => id === "two" },
  "a new run": { choose: () => actions.newRun({ seed: 7 }), comes: () => shown.spec.value?.seed === 7 },
  "a fork": { choose: () => actions.forkHere(), comes: () => shown.run.value?.parent?.id === "three" },
  "a reset": { choose: () => actions.reset(), comes: () => shown.run.value?.parent?.id === "three" },
  "another seed": { choose: () => actions.newSeed(), comes: () => shown.spec.value?.seed === 1 },
  "another shape": {
    choose: () => actions.change("model.hidden", [3]),
    comes: () => mlpOf(shown.spec.value)?.hidden.toString() === "3",
  },
  "the run after a deletion": { choose: () => actions.deleteRun("three"), comes: (id) => id !== "three" },
  "the run on the page": { choose: () => actions.openRun("three"), comes: (id) => id === "three" },
};
const LAST = ["another run", "a third run", "a new run"];

for (const [before, first] of Object.entries(CHOICES)) {
  for (const name of LAST.filter((name) => name !== before)) {
    const { choose, comes } = /** @type {typeof first} */ (CHOICES[name]);
    for (const [order, how] of Object.entries({
      "in order": {},
      "the last first": { reversed: true },
      "in order, late": { late: true },
      "the last first, late": { late: true, reversed: true },
    })) {
      test(`${before}, then ${name}: that comes, answered ${order}`, async () => {
        server.dawdle(how);
        const one = first.choose();
        await breath();
        const other = choose();
        await breath();
        server.hurry(how);
        await Promise.allSettled([one, other]);
        for (let turn = 0; turn < 6; turn++) await breath();
        await sendDeletions();
        const { run } = shown;
        assert.ok(comes(run.value?.id ?? ""), run.value?.id);
        assert.deepEqual(shown.spec.value, server.runs.get(run.value?.id ?? "")?.spec_in_force);
        const listed = store.runs.value.map(({ id }) => id);
        assert.deepEqual([...server.runs.keys()].sort(), listed.sort(), "what nobody has seen leaves nothing behind");
        assert.equal(store.starting.value, false);
      });
    }
  }
}

for (const [name, first] of Object.entries({
  "a fork": () => actions.forkHere(),
  "a reset": () => actions.reset(),
  "a step from the past": () => {
    actions.viewStep(40);
    return actions.step({ steps: 1 });
  },
  "a command": () => actions.setPace(5),
})) {
  test(`${name} that is never answered holds up nothing of a run that is opened meanwhile`, async () => {
    server.dawdle({ only: /three/ });
    const hanging = first();
    await breath();
    await actions.openRun("one");
    await actions.step({ steps: 2 });
    assert.equal(server.runs.get("one").step, 102);
    await actions.forkHere({ start: false });
    const fork = shown.run.value?.id;
    assert.equal(shown.run.value?.parent?.id, "one");
    server.hurry();
    await hanging;
    for (let turn = 0; turn < 6; turn++) await breath();
    assert.equal(shown.run.value?.id, fork);
    assert.deepEqual([...server.runs.keys()], ["one", "two", "three", fork]);
    assert.equal(server.runs.get("one").step, 102);
  });
}

test("who chooses the run on the page again stays there", async () => {
  server.dawdle();
  const opening = actions.openRun("one");
  await breath();
  await actions.openRun("three");
  server.hurry();
  await opening;
  assert.equal(shown.run.value?.id, "three");
});

test("a run that is deleted while it is opened does not come, nor another in its place", async () => {
  server.dawdle();
  const opening = actions.openRun("one");
  await breath();
  const deleted = actions.deleteRun("one");
  server.hurry({ reversed: true });
  await Promise.all([opening, deleted]);
  assert.equal(shown.run.value?.id, "three");
  await sendDeletions();
  assert.deepEqual([...server.runs.keys()], ["two", "three"]);
  assert.deepEqual(store.notices.value, []);
});

test("a preset that is refused does not play the run on the page", async () => {
  assert.equal(await actions.newRun({ model: { hidden: [9999] } }), false);
  assert.equal(await actions.newRun({ seed: 3 }), true);
});

test("a fork that cannot be shown leaves nothing behind", async () => {
  server.refusals = [null, { status: 500, code: "internal", message: "A fault", path: "", hint: "" }];
  actions.viewStep(40);
  await actions.play();
  await breath();
  assert.equal(shown.run.value?.id, "three");
  assert.equal(shown.viewedStep.value, 40);
  assert.deepEqual([...server.runs.keys()], ["one", "two", "three"]);
});

test("a live change on its way holds after a reset as well", async () => {
  server.dawdle({ late: true });
  const changed = actions.change("optimizer.lr", 0.4);
  await new Promise((go) => setTimeout(go, 60));
  const reset = actions.reset();
  server.hurry();
  await Promise.all([changed, reset]);
  assert.equal(shown.run.value?.parent?.id, "three");
  assert.equal(shown.run.value?.spec_in_force.optimizer.lr, 0.4);
});

test("changes that wait for a run are for that run, though another one is chosen meanwhile", async () => {
  server.dawdle();
  const first = actions.change("optimizer.lr", 0.1);
  await new Promise((go) => setTimeout(go, 60));
  const last = actions.change("optimizer.lr", 0.2);
  const opened = actions.openRun("one");
  await actions.change("optimizer.lr", 0.3);
  server.hurry();
  await Promise.all([first, last, opened]);
  const { one, three } = Object.fromEntries(server.runs);
  assert.deepEqual([three.spec_in_force.optimizer.lr, one.spec_in_force.optimizer.lr], [0.2, 0.01]);
  assert.equal(shown.spec.value?.optimizer.lr, 0.01, "the form is that of the run that has come");
  assert.equal(shown.changing.value, false);
});

test("the words about somebody's run do not fork another one", async () => {
  const theirs = { ...structuredClone(server.runs.get("one")), id: "theirs", owner: "lecturer" };
  server.runs.set("theirs", theirs);
  await actions.openRun("theirs");
  await actions.play();
  const fork = store.notices.value.at(-1)?.action;
  await actions.openRun("two");
  server.calls = [];
  fork?.act();
  for (let turn = 0; turn < 20; turn++) await breath();
  assert.equal(shown.run.value?.id, "theirs");
  assert.ok(!server.calls.some(({ path }) => path.endsWith("/forks")));
});
