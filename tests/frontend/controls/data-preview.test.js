import assert from "node:assert/strict";
import { test } from "node:test";

import { previewDots } from "../../../frontend/app/controls/data-preview.js";

test("points of the plane fill the tile, upwards up, in the colour of their class", () => {
  const dots = previewDots({
    inputs: 2,
    target: "classes",
    preview: { x: [[-3, -3], [3, 3]], y: [0, 1] },
  }); // prettier-ignore
  assert.deepEqual(dots, [[0.1, 0.9, { class: 0 }], [0.9, 1 - 0.9, { class: 1 }]]);
});

test("on the line the target is the height, and its sign and size the colour", () => {
  const [first, last] = previewDots({ inputs: 1, target: "real", preview: { x: [[0], [1]], y: [-2, 1] } });
  assert.deepEqual(first, [0.1, 0.9, { value: -1 }]);
  assert.deepEqual(last?.[2], { value: 0.5 });
});
