/** The pad's image, as it is painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvases } from "../marks/elements.js";
import { ink } from "../marks/screen.js";
import { DrawingPad } from "../../../frontend/app/inputs/drawing-pad.js";
import { images } from "../marks/painted.js";

test("an image lies with its first row on top and its first column at the left, and is sharp", () => {
  const pad = new DrawingPad({ height: 2, width: 2, onChange() {} });
  pad.show([1, 0, 0.2, 0]);
  const last = images(canvases.flatMap(({ recording }) => recording.painted)).at(-1);
  assert.deepEqual(last?.box, [0, 0, 168, 168]);
  assert.equal(last?.smooth, false);
  const [above, below] = last?.cells ?? [];
  assert.deepEqual([above?.[0], above?.[1], below?.[1]], [ink("ink"), ink("zero"), ink("zero")]);
  assert.notEqual(below?.[0], ink("zero"));
});
