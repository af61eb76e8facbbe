/** The middle of convolutional networks: how blocks stand, which tools a layer has, numbers, places. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { blockLayout } from "../../../frontend/app/views/cnn/block-layout.js";
import { kernelsOf } from "../../../frontend/app/views/cnn/kernels.js";
import { layerDescription, sizeLatex } from "../../../frontend/app/views/cnn/layer-description.js";
import { roundPixels } from "../../../frontend/app/views/cnn/selection.js";
import { twoDigits } from "../../../frontend/app/views/cnn/cell-numbers.js";
import { extractImage } from "../../../frontend/app/views/cnn/one-image.js";
import { mostProbable, unitsOnText } from "../../../frontend/app/views/cnn/plane-point.js";
import { nextPosition } from "../../../frontend/app/views/cnn/kernel-animation.js";
import { distinctImage } from "../../../frontend/app/views/cnn/three-images.js";
import { toolsOf, toolText } from "../../../frontend/app/views/cnn/layer-tools.js";

/** @param {string} kind @param {number[]} output */
const layer = (kind, output) =>
  /** @type {import("../../../frontend/app/types/api.js").Layer} */ ({ kind, output });

test("a convolution has every tool, a pool none of a kernel's, a vector its values alone", () => {
  const ids = (/** @type {string} */ kind, /** @type {number[]} */ output) =>
    toolsOf(layer(kind, output), "").fitting.map(({ id }) => id);
  assert.deepEqual(ids("conv", [4, 8, 8]), [
    "convolution", "feature_maps", "filters", "receptive_field", "equivariance",
  ]);
  assert.deepEqual(ids("max_pool", [4, 4, 4]), ["feature_maps", "receptive_field", "equivariance"]);
  assert.deepEqual(ids("dense", [10]), ["feature_maps"]);
});

test("the tool that one looked at stays where it fits", () => {
  assert.equal(toolsOf(layer("residual", [4, 8, 8]), "filters").shown, "filters");
  assert.equal(toolsOf(layer("max_pool", [4, 4, 4]), "filters").shown, "feature_maps");
});

test("numbers in cells have two digits, and zero has no sign", () => {
  assert.equal(twoDigits(0.236), "0.24");
  assert.equal(twoDigits(-1.5), "−1.50");
  assert.equal(twoDigits(-0.001), "0.00");
  assert.equal(twoDigits(0), "0.00");
});

test("a drawing is sent in three digits", () => {
  assert.deepEqual(roundPixels(new Float32Array([0, 0.123456, 1])), [0, 0.123, 1]);
});

test("blocks that do not fit a row stand in several, with fewer maps of each", () => {
  assert.deepEqual(blockLayout(4, 400, 1, false), { columns: 4, rows: 1, across: 2, down: 4 });
  assert.deepEqual(blockLayout(4, 400, 1, true), { columns: 4, rows: 1, across: 2, down: 2 }, "a low screen");
  assert.deepEqual(blockLayout(6, 400, 1, false), { columns: 3, rows: 2, across: 2, down: 2 });
  assert.deepEqual(blockLayout(4, 331, 1.5, true), { columns: 2, rows: 2, across: 4, down: 1 }, "on a projector");
  assert.deepEqual(blockLayout(4, 200, 1, true), { columns: 2, rows: 2, across: 4, down: 1 }, "on a tablet");
  assert.deepEqual(blockLayout(9, 400, 1, false), { columns: 3, rows: 3, across: 4, down: 1 });
  for (let count = 1; count < 40; count++) {
    for (const [width, scale] of /** @type {const} */ ([[40, 1], [358, 1], [410, 1], [800, 1.5]])) {
      const { columns, rows } = blockLayout(count, width, scale, false);
      assert.ok(columns * rows >= count && columns * (rows - 1) < count);
      assert.ok(columns === 1 || columns * 82 * scale + (columns - 1) * 8 <= width);
    }
  }
});

test("the kernels of a layer are those of its convolutions, in their order", () => {
  const conv = { "layers.0.weight": [16, 1, 3, 3], "layers.0.bias": [16] };
  assert.deepEqual(kernelsOf({ tensors: conv }), [{ channels: 16, inputs: 1 }]);
  const residual = {
    "layers.2.norms.0.weight": [8],
    "layers.2.convs.0.weight": [24, 8, 3, 3],
    "layers.2.convs.1.weight": [24, 24, 3, 3],
    "layers.2.projection": [24, 8, 1, 1],
  };
  assert.deepEqual(kernelsOf({ tensors: residual }), [
    { channels: 24, inputs: 8 },
    { channels: 24, inputs: 24 },
  ]);
  assert.deepEqual(kernelsOf({ tensors: { "layers.5.weight": [10, 64] } }), []);
});

test("a sliding kernel goes row by row, and begins again at the end", () => {
  assert.deepEqual(nextPosition(null, 2, 3), { row: 0, column: 0 });
  assert.deepEqual(nextPosition({ row: 0, column: 2 }, 2, 3), { row: 1, column: 0 });
  assert.deepEqual(nextPosition({ row: 1, column: 2 }, 2, 3), { row: 0, column: 0 });
});

test("a sum over channels says what the one that is shown adds", () => {
  const facts = { sums: [0.5, -0.25], sum: 0.25, input: 1, bias: -0.05, z: 0.2, row: 0, column: 3 };
  assert.equal(
    toolText("convolution", facts),
    "z = Σ over 2 input channels + b = 0.25 − 0.05 = 0.2, at row 1, column 4; this channel adds −0.25",
  );
  assert.equal(
    toolText("convolution", { ...facts, sums: [0.25], input: 0 }),
    "z = Σ products + b = 0.25 − 0.05 = 0.2, at row 1, column 4",
  );
  assert.equal(toolText("filters", {}), "");
  const field = { size: 19, jump: 2, rows: [0, 14], columns: [1, 15], reached: [15, 15], inside: 0.975 };
  assert.equal(
    toolText("receptive_field", field),
    "The receptive field of a unit of this layer is up to 19 × 19 pixels; neighbours are 2 pixels apart; 15 × 15 reach this unit; 97.5% of the gradient is inside",
  );
  const dilated = { size: 5, jump: 1, rows: [2, 6], columns: [3, 7], reached: [3, 3], inside: null };
  assert.match(toolText("receptive_field", dilated), /up to 5 × 5 pixels; .*; 9 of 5 × 5 reach this unit$/);
  assert.match(toolText("receptive_field", { ...dilated, rows: [], reached: [0, 3] }), /; none reach this unit$/);
});

test("a layer in a line: its formula, and its size with a name", () => {
  const pool = { label: "Max pool", formula: "\\max h", size: "8/2=4", parameters: 0, output: [4, 4, 4] };
  assert.deepEqual(layerDescription(pool), { name: "Max pool", latex: "\\max h,\\quad w'=8/2=4", facts: "no parameters" });
  assert.equal(layerDescription({ ...pool, size: "", parameters: 1290 }).facts, "1,290 parameters");
  assert.equal(sizeLatex("2\\cdot2=4", [4]), "D=2\\cdot2=4");
});

test("three images are different ones", () => {
  assert.equal(distinctImage([0, 1, 2], 0, 3, 1, 10), 3);
  assert.equal(distinctImage([0, 1, 2], 0, 1, 1, 10), 3);
  assert.equal(distinctImage([3, 1, 2], 0, 2, -1, 10), 0);
  assert.equal(distinctImage([9, 0, 1], 0, 0, 1, 10), 2);
  assert.equal(distinctImage([2, 1, 0], 0, 1, -1, 10), 9);
});

test("one of several images is a plot of its own", () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i);
  const plot = /** @type {import("../../../frontend/app/types/pictures.js").Plot} */ (
    /** @type {unknown} */ ({
      id: "images", title: "Images", note: "three", marks: [{ kind: "images", values: { data, shape: [3, 2, 2] }, labels: ["a"] }],
    })
  );
  const own = extractImage(plot, 1);
  assert.ok(own);
  const mark = /** @type {any} */ (own.marks[0]);
  assert.deepEqual([...mark.values.data], [4, 5, 6, 7]);
  assert.deepEqual(mark.values.shape, [1, 2, 2]);
  assert.equal(extractImage(plot, 3), null);
  assert.equal(extractImage(undefined, 0), null);
});

test("a cell's affine map says the class at a place", () => {
  const at = { point: [0.5, 1], matrix: [[1, 0], [2, 1], [0, 0]], offset: [0, -1, 0] };
  const logits = [0.5, 1, 0];
  const shares = logits.map((logit) => Math.exp(logit));
  const { index, share } = mostProbable(at);
  assert.equal(index, 1);
  assert.ok(Math.abs(share - (shares[1] ?? 0) / shares.reduce((sum, one) => sum + one)) < 1e-12);
  assert.ok(mostProbable({ ...at, offset: [2000, 0, 0] }).share === 1);
});

test("units that are on are counted, winners of pools are not", () => {
  const pattern = [[0, 1, 1], [3, 0], [0, 0, 0, 2]];
  const said = unitsOnText(pattern, ["Conv 1", "Max pool 1", "Dense"], new Set(["Max pool 1"]));
  assert.equal(said, "Conv 1: 2 of 3 units on; Dense: 1 of 4 units on");
});
