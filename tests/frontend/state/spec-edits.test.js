import assert from "node:assert/strict";
import { test } from "node:test";

import {
  beyond,
  differences,
  same,
  valueAt,
  withChanges,
  withValue,
  without,
} from "../../../frontend/app/state/spec-edits.js";
import { catalogue } from "./catalogue.js";

const filled = catalogue.default;

test("a value is put in and taken out by its path, and nothing else changes", () => {
  const before = { data: { kind: "moons" } };
  const after = withValue(before, "optimizer.schedule.kind", "step");
  assert.deepEqual(after, { data: { kind: "moons" }, optimizer: { schedule: { kind: "step" } } });
  assert.deepEqual(before, { data: { kind: "moons" } });
  assert.equal(valueAt(after, "optimizer.schedule.kind"), "step");
  assert.equal(valueAt(after, "optimizer.lr.deeper"), undefined);
  assert.deepEqual(without(after, "optimizer.schedule.kind"), before);
});

test("another kind keeps what means the same in it and drops the rest", () => {
  const written = { data: { noise: 0.3, samples: 200, arms: 3 } };
  const moons = withChanges(catalogue, written, { "data.kind": "moons" }, filled);
  assert.deepEqual(moons, { data: { kind: "moons", noise: 0.3, samples: 200 } });
  const sine = withChanges(catalogue, written, { "data.kind": "sine" }, filled);
  assert.deepEqual(sine, { data: { kind: "sine", samples: 200 } }, "its noise has another default");
});

test("a learning rate does not move to an optimizer with another default", () => {
  const written = { optimizer: { lr: 0.001, momentum: 0.5 } };
  const sgd = withChanges(catalogue, written, { "optimizer.kind": "sgd" }, filled);
  assert.deepEqual(sgd, { optimizer: { kind: "sgd", momentum: 0.5 } });
});

test("a kind and its fields may change at once, whatever their order", () => {
  const changes = { "optimizer.lr": 0.5, "optimizer.kind": "sgd" };
  const sgd = withChanges(catalogue, {}, changes, filled);
  assert.deepEqual(sgd, { optimizer: { kind: "sgd", lr: 0.5 } });
});

test("choices that the data no longer allow are given up", () => {
  const written = { objective: { kind: "bernoulli" }, model: { features: ["x1", "x2"], hidden: [4] } };
  const sine = withChanges(catalogue, written, { "data.kind": "sine" }, filled);
  assert.deepEqual(sine, { data: { kind: "sine" }, model: { features: ["x1"], hidden: [4] } });
  const only = withChanges(catalogue, { model: { features: ["x2"] } }, { "data.kind": "sine" }, filled);
  assert.deepEqual(only, { data: { kind: "sine" } });
});

test("differences name the leaves, and a kind rather than the fields that it brought", () => {
  const other = structuredClone(filled);
  Object.assign(other.model, { hidden: [8, 4], initializer: { kind: "xavier", gain: 2 } });
  Object.assign(other, { optimizer: { kind: "sgd", lr: 0.1, schedule: { kind: "constant" } } });
  assert.deepEqual(
    differences(filled, other).map(({ path }) => path),
    ["model.hidden", "model.initializer", "optimizer.kind"],
  );
  assert.deepEqual(differences(filled, structuredClone(filled)), []);
});

test("what a spec has beyond the defaults is enough to get it back", () => {
  const other = structuredClone(filled);
  other.seed = 3;
  Object.assign(other, { optimizer: { kind: "sgd", lr: 0.2, schedule: { kind: "constant" } } });
  assert.deepEqual(beyond(other, filled), { seed: 3, optimizer: other.optimizer });
});

test("equality looks at names and values, not at their order", () => {
  assert.ok(same({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
  assert.ok(!same({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!same([1], { 0: 1 }));
  assert.ok(!same(null, {}));
});

/** @param {string} data @param {string} model @returns {any} a filled spec of these kinds */
const filledWith = (data, model) => ({ ...catalogue.default, data: { kind: data }, model: { kind: model } });

test("other data take a model of their family with them", () => {
  const own = { data: { kind: "moons", noise: 0.2 }, model: { hidden: [4], activation: "relu" }, optimizer: { lr: 0.1 } };
  const found = withChanges(catalogue, own, { "data.kind": "digits" }, filledWith("moons", "mlp"));
  assert.deepEqual(found, { data: { kind: "digits" }, optimizer: { lr: 0.1 } });
  const back = withChanges(catalogue, { data: { kind: "digits" }, model: { kind: "vae", latent: 3 }, objective: { kind: "gaussian" } },
    { "data.kind": "moons" }, filledWith("digits", "vae")); // prettier-ignore
  assert.deepEqual(back, { data: { kind: "moons" } });
});

test("within a family a chosen model stays, with its settings", () => {
  const own = { model: { kind: "transformer", depth: 1 } };
  const found = withChanges(catalogue, own, { "data.kind": "recall" }, filledWith("reverse", "transformer"));
  assert.deepEqual(found, { data: { kind: "recall" }, model: { kind: "transformer", depth: 1 } });
  // Settings of a model that nobody named stay with the model that they were chosen for.
  const unnamed = withChanges(catalogue, { data: { kind: "recall" }, model: { cell: "rnn" } },
    { "data.kind": "reverse" }, filledWith("recall", "rnn")); // prettier-ignore
  assert.deepEqual(unnamed, { data: { kind: "reverse" }, model: { cell: "rnn", kind: "rnn" } });
});

test("another model keeps the data, and what means the same in it", () => {
  const own = { model: { kind: "cnn", blocks: [], activation: "tanh" }, objective: { kind: "categorical" } };
  const found = withChanges(catalogue, own, { "model.kind": "vae" }, filledWith("digits", "cnn"));
  assert.deepEqual(found, { data: { kind: "digits" }, model: { kind: "vae", activation: "tanh" } });
});
