/** The middle of convolutional networks: which tools a layer has, numbers in cells, drawings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { rounded } from "../../../frontend/app/middle/cnn/looking.js";
import { twoDigits } from "../../../frontend/app/middle/cnn/numbers.js";
import { toolsOf } from "../../../frontend/app/middle/cnn/tools.js";

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
  assert.deepEqual(rounded(new Float32Array([0, 0.123456, 1])), [0, 0.123, 1]);
});
