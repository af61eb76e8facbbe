import assert from "node:assert/strict";
import { test } from "node:test";

import { FACTOR, sharpen } from "../../../frontend/app/marks/sharpen.js";

/** Grey levels as places in the table. */
const table = Uint32Array.from({ length: 256 }, (_, i) => i);

/**
 * @param {number[]} values
 * @param {number} width
 * @param {number} height
 */
function sharpened(values, width, height) {
  const pixels = new Uint32Array(values.length * FACTOR * FACTOR);
  sharpen(pixels, Float32Array.from(values), width, height, table);
  return pixels;
}

test("a steep boundary is found between cell centres, where the logit crosses 0", () => {
  const logistic = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
  // Logits of 6·(x − 2.3) at cell centres ½, 1½, 2½, 3½: the boundary is at 2.3.
  const row = [0.5, 1.5, 2.5, 3.5].map((x) => logistic(6 * (x - 2.3)));
  const pixels = sharpened(row, 4, 1).subarray(0, 4 * FACTOR);
  const first = pixels.findIndex((level) => level > 127.5);
  assert.ok(Math.abs((first + 0.5) / FACTOR - 2.3) <= 0.5 / FACTOR + 0.13);
});

test("even maps stay even, and row 0 comes to the bottom", () => {
  assert.ok(sharpened([0.5, 0.5, 0.5, 0.5], 2, 2).every((level) => level === 127 || level === 128));
  const pixels = sharpened([0, 0, 1, 1], 2, 2);
  assert.ok((pixels[0] ?? 0) > 250);
  assert.ok((pixels.at(-1) ?? 255) < 5);
});

test("certain values and gaps have colours, too", () => {
  const pixels = sharpened([0, 1, NaN, 0.5], 2, 2);
  assert.ok(pixels.every((level) => level >= 0 && level <= 255));
});
