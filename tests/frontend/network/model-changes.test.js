import assert from "node:assert/strict";
import { test } from "node:test";

import { setActivation, activationOf, insertLayer, removeLayer, resizeLayer, toggleFeature } from "../../../frontend/app/network/model-changes.js";

/** @typedef {import("../../../frontend/app/network/model-changes.js").Model} Model */

/** @type {Model} */
const same = { features: ["x1", "x2"], hidden: [8, 4], activation: "tanh" };
/** @type {Model} */
const mixed = { ...same, activation: ["tanh", { kind: "elu", alpha: 2 }] };

test("a layer gets another width", () => {
  assert.deepEqual(resizeLayer(same, 1, 5), { "model.hidden": [8, 5] });
});

test("a new layer is as wide as the one before it", () => {
  assert.deepEqual(insertLayer(same, 0), { "model.hidden": [8, 8, 4] });
  assert.deepEqual(insertLayer(same, 2), { "model.hidden": [8, 4, 4] });
  assert.deepEqual(insertLayer({ ...same, hidden: [] }, 0), { "model.hidden": [8] });
});

test("a list of activations keeps step with the layers", () => {
  assert.deepEqual(insertLayer(mixed, 1), {
    "model.hidden": [8, 8, 4],
    "model.activation": ["tanh", "tanh", { kind: "elu", alpha: 2 }],
  });
  assert.deepEqual(removeLayer(mixed, 0), {
    "model.hidden": [4],
    "model.activation": [{ kind: "elu", alpha: 2 }],
  });
  assert.deepEqual(removeLayer({ ...mixed, hidden: [8], activation: ["relu"] }, 0), {
    "model.hidden": [],
    "model.activation": "relu",
  });
});

test("one name for all layers stays one", () => {
  assert.deepEqual(removeLayer(same, 1), { "model.hidden": [8] });
});

test("an activation of a layer makes a list, until all agree again", () => {
  assert.deepEqual(setActivation(same, 1, "relu"), { "model.activation": ["tanh", "relu"] });
  assert.deepEqual(setActivation(mixed, 1, "tanh"), { "model.activation": "tanh" });
  assert.equal(activationOf(mixed, 0), "tanh");
  assert.equal(activationOf(same, 7), "tanh");
});

test("features keep the catalogue's order, and the last one stays", () => {
  const order = ["x1", "x2", "x1_squared"];
  assert.deepEqual(toggleFeature({ ...same, features: ["x1_squared"] }, "x1", order), {
    "model.features": ["x1", "x1_squared"],
  });
  assert.deepEqual(toggleFeature(same, "x1", order), { "model.features": ["x2"] });
  assert.equal(toggleFeature({ ...same, features: ["x2"] }, "x2", order), null);
});
