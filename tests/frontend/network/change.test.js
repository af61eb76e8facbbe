import assert from "node:assert/strict";
import { test } from "node:test";

import { activate, activationOf, insert, remove, resize, toggle } from "../../../frontend/app/network/change.js";

/** @typedef {import("../../../frontend/app/network/change.js").Model} Model */

/** @type {Model} */
const same = { features: ["x1", "x2"], hidden: [8, 4], activation: "tanh" };
/** @type {Model} */
const mixed = { ...same, activation: ["tanh", { kind: "elu", alpha: 2 }] };

test("a layer gets another width", () => {
  assert.deepEqual(resize(same, 1, 5), { "model.hidden": [8, 5] });
});

test("a new layer is as wide as the one before it", () => {
  assert.deepEqual(insert(same, 0), { "model.hidden": [8, 8, 4] });
  assert.deepEqual(insert(same, 2), { "model.hidden": [8, 4, 4] });
  assert.deepEqual(insert({ ...same, hidden: [] }, 0), { "model.hidden": [8] });
});

test("a list of activations keeps step with the layers", () => {
  assert.deepEqual(insert(mixed, 1), {
    "model.hidden": [8, 8, 4],
    "model.activation": ["tanh", "tanh", { kind: "elu", alpha: 2 }],
  });
  assert.deepEqual(remove(mixed, 0), {
    "model.hidden": [4],
    "model.activation": [{ kind: "elu", alpha: 2 }],
  });
  assert.deepEqual(remove({ ...mixed, hidden: [8], activation: ["relu"] }, 0), {
    "model.hidden": [],
    "model.activation": "relu",
  });
});

test("one name for all layers stays one", () => {
  assert.deepEqual(remove(same, 1), { "model.hidden": [8] });
});

test("an activation of a layer makes a list, until all agree again", () => {
  assert.deepEqual(activate(same, 1, "relu"), { "model.activation": ["tanh", "relu"] });
  assert.deepEqual(activate(mixed, 1, "tanh"), { "model.activation": "tanh" });
  assert.equal(activationOf(mixed, 0), "tanh");
  assert.equal(activationOf(same, 7), "tanh");
});

test("features keep the catalogue's order, and the last one stays", () => {
  const order = ["x1", "x2", "x1_squared"];
  assert.deepEqual(toggle({ ...same, features: ["x1_squared"] }, "x1", order), {
    "model.features": ["x1", "x1_squared"],
  });
  assert.deepEqual(toggle(same, "x1", order), { "model.features": ["x2"] });
  assert.equal(toggle({ ...same, features: ["x2"] }, "x2", order), null);
});
