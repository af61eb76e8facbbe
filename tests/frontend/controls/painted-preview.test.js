/** A data set at the size of a tile, as it is painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink, setRatio } from "../marks/screen.js";
import { drawPreview } from "../../../frontend/app/controls/data-preview.js";
import { discs } from "../marks/painted.js";

/** @param {object} more @param {number} [size] */
function dots(more, size = 100) {
  const { fake, canvas } = canvasOf(0, 0);
  const data = { inputs: 2, target: "classes", preview: { x: [[-1, -1], [1, 0], [0, 3]], y: [0, 1, 4] }, ...more };
  drawPreview(canvas, /** @type {any} */ (data), size);
  return discs(fake.recording.painted);
}

test("points stand where their data are, x to the right and y up, in the colours of their classes", () => {
  const found = dots({});
  assert.deepEqual(found.map(({ x, y }) => [x, y]), [[10, 90], [90, 70], [50, 10]]);
  assert.deepEqual(found.map(({ color }) => color), [ink("class-0"), ink("class-1"), ink("class-4")]);
});

test("on the line a point stands as high as its target, coloured by its sign", () => {
  const found = dots({ inputs: 1, target: "values", preview: { x: [[0], [1]], y: [-2, 2] } });
  assert.deepEqual(found.map(({ x, y }) => [x, y]), [[10, 90], [90, 10]]);
  const [low, high] = found.map(({ color }) => color);
  assert.ok(low?.includes(`${ink("negative")} 100%`) && high?.includes(`${ink("positive")} 100%`), `${low}, ${high}`);
});

test("on a fine screen it is as many pixels larger", () => {
  setRatio(2);
  const [one] = dots({});
  setRatio(1);
  assert.deepEqual([one?.x, one?.y], [20, 180]);
});
