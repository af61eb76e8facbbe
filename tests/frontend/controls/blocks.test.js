import assert from "node:assert/strict";
import { test } from "node:test";

import { blockChange, blockText, outputSizes, shortName } from "../../../frontend/app/controls/block-list.js";
import { applies } from "../../../frontend/app/state/knobs.js";
import { catalogue } from "../state/catalogue.js";

const conv = { kind: "conv", channels: 16, kernel: 3, stride: 1, dilation: 1 };
const pool = { kind: "max_pool", kernel: 2, stride: null };

test("blocks are added, moved and removed without touching the old list", () => {
  const blocks = Object.freeze([conv, pool]);
  assert.deepEqual(blockChange.add([...blocks], "flatten"), [conv, pool, { kind: "flatten" }]);
  assert.deepEqual(blockChange.move([...blocks], 1, 0), [pool, conv]);
  assert.deepEqual(blockChange.remove([...blocks], 0), [pool]);
  assert.deepEqual(blockChange.value([...blocks], 0, "channels", 8)[0], { ...conv, channels: 8 });
});

test("another kind of block keeps its channels where it has any", () => {
  assert.deepEqual(blockChange.kind([conv], 0, "residual"), [{ kind: "residual", channels: 16 }]);
  assert.deepEqual(blockChange.kind([conv], 0, "flatten"), [{ kind: "flatten" }]);
  assert.deepEqual(blockChange.kind([pool], 0, "conv"), [{ kind: "conv" }]);
});

test("a block is said in its numbers", () => {
  assert.equal(blockText(conv), "16, 3 × 3");
  assert.equal(blockText({ ...conv, stride: 2, dilation: 2 }), "16, 3 × 3, stride 2, dilation 2");
  assert.equal(blockText(pool), "2 × 2");
  assert.equal(blockText({ kind: "dense", units: 64 }), "64");
  assert.equal(blockText({ kind: "residual", channels: 8, kernel: 3, skip: false }), "8, 3 × 3, no skip connection");
  const deep = { kind: "residual", channels: 8, kernel: 3, depth: 3, norm: "batch", skip: true };
  assert.equal(blockText(deep), "8, 3 × 3, 3 deep, batch norm");
  assert.equal(blockText({ ...deep, depth: 2, norm: "none" }), "8, 3 × 3");
  assert.equal(shortName("Residual block"), "Residual");
  assert.equal(shortName("Max pooling"), "Max pooling");
});

test("what comes out of a block is the last of its layers' sizes", () => {
  const layers = [
    { name: "layers.0", output: [16, 8, 8] },
    { name: "layers.1.0", output: [16, 8, 8] },
    { name: "layers.1.1", output: [16, 4, 4] },
    { name: "layers.2", output: [10] },
  ];
  assert.deepEqual(outputSizes(layers, 2), ["16 × 8 × 8", "16 × 4 × 4"]);
});

test("a knob without effect is known from what stands beside it", () => {
  const bias = catalogue.models.flatMap(({ knobs }) => knobs).find(({ name }) => name === "forget_bias");
  assert.ok(bias && applies(bias, { cell: "lstm" }));
  assert.ok(bias && !applies(bias, { cell: "rnn" }));
});
