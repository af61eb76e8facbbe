/** The rows of a group's table, and their order; and what a list to choose from finds. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../state/server.js";

const { columnsOf, rowsOf, shownMetrics, sorted } = await import("../../../frontend/app/shell/group-table.js");
const { splitTags, valuesFirst } = await import("../../../frontend/app/shell/run-rows.js");
const { metricOf } = await import("../../../frontend/app/panels/group-metrics.js");
const { matching, named } = await import("../../../frontend/app/shell/combobox.js");

const FIELD = { path: "optimizer.lr", label: "Learning rate", values: [0.1, 0.01], texts: ["0.1", "0.01"] };
const METRICS = ["test_loss", "train_loss"].map(metricOf);
const TABLE = {
  columns: ["run", "optimizer.lr", "seed", "status", "step", "seconds", "train_loss", "test_loss"],
  rows: [
    ["a", 0.1, 0, "finished", 20, 1, 0.5, 0.7],
    ["b", 0.1, 1, "paused", 3, 1, 1e30, 1e30],
    ["c", 0.01, 0, "queued", 0, 0, null, null],
    ["d", 0.01, 1, "running", 10, 0, 0.4, 0.6],
  ],
};
const run = (/** @type {string} */ id, /** @type {string | null} */ error = null) => ({
  run: id, seed: 0, status: /** @type {const} */ ("paused"), step: 0, value: null, error,
}); // prettier-ignore
const rows = rowsOf(TABLE, [run("a"), run("b", "diverged"), run("c"), run("d")], [FIELD], METRICS);

test("a row has its values as the settings write them, and no numbers if it diverged", () => {
  assert.deepEqual(
    rows.map(({ id, values, seed, status, step, metrics }) => [id, values[0]?.text, seed, status, step, ...metrics]),
    [
      ["a", "0.1", 0, "finished", 20, 0.7, 0.5],
      ["b", "0.1", 1, "diverged", 3, null, null],
      ["c", "0.01", 0, "queued", 0, null, null],
      ["d", "0.01", 1, "running", 10, 0.6, 0.4],
    ],
  );
});

test("rows are sorted by any column; those without a value come last both ways", () => {
  const columns = columnsOf([FIELD], METRICS);
  const ids = (/** @type {string} */ name, descending = false) =>
    sorted(rows, columns.find((one) => one.name === name), descending).map(({ id }) => id).join("");
  assert.deepEqual(columns.map(({ label }) => label), ["Learning rate", "Seed", "Status", "Step", "Test loss", "Train loss"]);
  assert.equal(ids("test_loss"), "dabc");
  assert.equal(ids("test_loss", true), "adbc");
  assert.equal(ids("step", true), "adbc");
  assert.equal(ids("optimizer.lr", true), "cdab", "in the order in which the values were given");
  assert.equal(ids("status"), "adcb");
  assert.equal(ids("no such column"), "abcd");
});

test("the compared metric has a column before the others", () => {
  const all = ["test_loss", "train_loss", "test_accuracy", "penalty"].map(metricOf);
  assert.deepEqual(shownMetrics(all, "penalty").map(({ name }) => name), ["penalty", "test_loss", "train_loss"]);
});

test("an entry is found by parts of its name and of its section", () => {
  const entries = [
    { value: "a", label: "Learning rate", caption: "Training" },
    { value: "b", label: "Hidden layers", caption: "Network" },
  ];
  const found = (/** @type {string} */ typed) => matching(entries, typed).map(({ value }) => value).join("");
  assert.deepEqual(["", "LEARN", "lay", "work hid", "rate x"].map(found), ["ab", "a", "b", "b", ""]);
});

test("an entry is found by its path, and one that is named in full comes first and needs no press", () => {
  const entries = [
    { value: "optimizer.kind", label: "Optimizer", caption: "Training" },
    { value: "training.steps_between", label: "Rows", caption: "Training" },
    { value: "training.steps", label: "Steps", caption: "Training" },
  ];
  const found = (/** @type {string} */ typed) => matching(entries, typed).map(({ label }) => label).join();
  assert.equal(found("optimizer.kind"), "Optimizer");
  assert.equal(found("training.steps"), "Steps,Rows");
  const taken = (/** @type {string} */ typed) => named(matching(entries, typed), typed)?.label;
  assert.deepEqual(["training.steps", " STEPS ", "kind", "train", "xyzzy"].map(taken), ["Steps", "Steps", "Optimizer", undefined, undefined]);
});

test("a row has a line of tags, with the one that is filtered by", () => {
  assert.deepEqual(splitTags(["a", "b", "c", "d"], ""), { visible: ["a", "b"], hidden: ["c", "d"] });
  assert.deepEqual(splitTags(["a", "b", "c", "d"], "d"), { visible: ["d", "a"], hidden: ["b", "c"] });
  assert.deepEqual(splitTags(["a"], "x"), { visible: ["a"], hidden: [] });
});

test("the name of a group's run begins with what differs within the group", () => {
  assert.equal(valuesFirst("Learning rate: Spiral, 8·8 tanh: lr 0.1", { group: "g" }), "lr 0.1 · Learning rate: Spiral, 8·8 tanh");
  assert.equal(valuesFirst("Best: of all", { group: null }), "Best: of all");
  assert.equal(valuesFirst("Best", { group: "g" }), "Best");
});
