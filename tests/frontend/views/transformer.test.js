import assert from "node:assert/strict";
import { test } from "node:test";

import { allLayersFit, headHeading, headsInRow, transformerSize, clampHead } from "../../../frontend/app/views/transformer/selected-head.js";

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

test("a row of heads is a layer, or an equal part of one with many", () => {
  assert.deepEqual(headsInRow(4, false), [4]);
  assert.deepEqual(headsInRow(8, false), [8]);
  assert.deepEqual(headsInRow(12, false), [12, 6, 3]);
  assert.deepEqual(headsInRow(32, false), [16, 8]);
  assert.equal(headsInRow(17, false), 16);
  assert.deepEqual([headsInRow(1, true), headsInRow(8, true)], [1, 2]);
});

test("all layers are shown where their maps are large enough", () => {
  const many = { depth: 4, heads: 8 };
  assert.ok(allLayersFit(many, { width: 740, height: 400 }, 1));
  assert.ok(!allLayersFit(many, { width: 610, height: 200 }, 1));
  assert.ok(allLayersFit({ depth: 1, heads: 8 }, { width: 610, height: 200 }, 1));
  assert.ok(allLayersFit({ depth: 2, heads: 4 }, { width: 780, height: 220 }, 1.5));
});
