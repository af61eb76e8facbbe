import assert from "node:assert/strict";
import { test } from "node:test";

import { headHeading, transformerSize, clampHead } from "../../../frontend/app/views/transformer/selected-head.js";

const size = { depth: 3, heads: 4 };

test("a head stays chosen where the model has it", () => {
  assert.deepEqual(clampHead({ layer: 2, head: 4 }, size), { layer: 2, head: 4 });
});

test("without a choice it is the last layer's", () => {
  assert.deepEqual(clampHead({ layer: 0, head: 1 }, size), { layer: 3, head: 1 });
});

test("of a smaller model it is one that there is", () => {
  assert.deepEqual(clampHead({ layer: 5, head: 8 }, size), { layer: 3, head: 4 });
});

test("a model's size is in its spec", () => {
  const model = { kind: "transformer", depth: 2, heads: 8 };
  assert.deepEqual(transformerSize(/** @type {any} */ ({ model })), { depth: 2, heads: 8 });
  assert.deepEqual(transformerSize(null), { depth: 1, heads: 1 });
});

test("the less room a head has, the fewer words stand over it", () => {
  const plot = { id: "1.2", title: "Layer 1, head 2", note: "H 0.84" };
  assert.deepEqual(headHeading(plot, 200), { title: "Layer 1, head 2", note: "H 0.84" });
  assert.deepEqual(headHeading(plot, 100), { title: "1.2", note: "H 0.84" });
  assert.deepEqual(headHeading(plot, 60), { title: "1.2", note: "0.84" });
  assert.deepEqual(headHeading(plot, 40), { title: "1.2", note: "" });
});
