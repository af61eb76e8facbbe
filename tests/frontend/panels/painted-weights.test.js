/** The weight under the pointer is framed in the panel of weights, and read in words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvases, FakeElement, size } from "../marks/elements.js";
import { ink } from "../marks/screen.js";
import { mount } from "../../../frontend/app/panels/weights.js";
import { boxes, only } from "../marks/painted.js";
import { matrix, plot } from "../marks/plots.js";

/** A weight matrix of 2 units with 4 inputs each, so that swapped rows and columns are noticed. */
const WEIGHTS = plot([matrix([[1, 2, 3, 4], [5, 6, 7, 8]], { peak: 8, colors: "diverging" })], { id: "W1", title: "W" });

/** The panel with the weights, and what was painted on the matrix since the last question. */
function panel() {
  Object.assign(globalThis, { HTMLElement: FakeElement });
  Object.assign(size, { width: 160, height: 44 });
  const first = canvases.length;
  /** @type {(picture: object) => void} */
  let paint = () => {};
  const state = {
    run: { value: { layers: [{ label: "Hidden 1" }, { label: "Output" }] } },
    selected: { value: null },
    hovered: { value: /** @type {object | null} */ (null) },
  };
  const context = /** @type {any} */ ({
    state,
    pictures: {
      watch(/** @type {{paint: typeof paint}} */ watch) {
        paint = watch.paint;
        return { set() {}, close() {} };
      },
    },
  });
  mount(/** @type {any} */ (new FakeElement()), context);
  paint({ plots: [WEIGHTS], facts: {} });
  const canvas = canvases[first];
  assert.ok(canvas);
  /** The painted frames after an event. @param {string} type @param {object} event */
  const after = (type, event) => {
    const before = canvas.recording.painted.length;
    canvas.emit(type, { preventDefault() {}, stopPropagation() {}, ...event });
    return canvas.recording.painted.slice(before);
  };
  return { state, after };
}

/** A matrix fills its canvas but for a pixel on each side: cells of 39.5 × 21. */
const frameOf = (/** @type {number} */ row, /** @type {number} */ column) => ({
  color: ink("ink"),
  box: [1 + 39.5 * column + 1, 1 + 21 * row + 1, 37.5, 19],
});

test("the cell under the pointer has a frame within its own edges, over the matrix", () => {
  const { state, after } = panel();
  const painted = after("pointermove", { offsetX: 110, offsetY: 35 });
  assert.deepEqual(boxes(painted, "stroke"), [frameOf(1, 2)]);
  assert.deepEqual(only(painted, "stroke").map(({ width }) => width), [2]);
  assert.equal(painted.at(-1)?.how, "stroke");
  assert.deepEqual(state.hovered.value, { layer: 1, unit: 1 });
});

test("the frame goes with the pointer, and away with it", () => {
  const { state, after } = panel();
  after("pointermove", { offsetX: 110, offsetY: 35 });
  assert.deepEqual(boxes(after("pointermove", { offsetX: 10, offsetY: 10 }), "stroke"), [frameOf(0, 0)]);
  const left = after("pointerleave", {});
  assert.ok(left.length > 0, "the matrix is painted again");
  assert.deepEqual(boxes(left, "stroke"), []);
  assert.equal(state.hovered.value, null);
});

test("arrow keys move the frame from cell to cell, and stop at the edge", () => {
  const { after } = panel();
  assert.deepEqual(boxes(after("keydown", { key: "ArrowRight" }), "stroke"), [frameOf(0, 0)]);
  assert.deepEqual(boxes(after("keydown", { key: "ArrowRight" }), "stroke"), [frameOf(0, 1)]);
  assert.deepEqual(boxes(after("keydown", { key: "ArrowDown" }), "stroke"), [frameOf(1, 1)]);
  assert.deepEqual(after("keydown", { key: "ArrowDown" }), [], "there is no cell below");
});
