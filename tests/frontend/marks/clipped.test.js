import assert from "node:assert/strict";
import { test } from "node:test";

import { clippedValues, clipToAxis, markClipped, sideOf } from "../../../frontend/app/marks/clipped.js";
import { drawLine } from "../../../frontend/app/marks/line.js";
import { axisRange } from "../../../frontend/app/panels/axis-range.js";
import { axis, tensor } from "./tensors.js";

const LINEAR = { low: 0, high: 1, scale: /** @type {const} */ ("linear") };
const LOG = { low: 0.1, high: 10, scale: /** @type {const} */ ("log") };

/** A canvas that keeps the places of what is drawn. */
function paper() {
  /** @type {[string, number, number][]} */
  const drawn = [];
  const canvas = {
    drawn,
    beginPath() {}, closePath() {}, fill() {}, stroke() {}, setLineDash() {},
    /** @param {number} x @param {number} y */
    moveTo: (x, y) => void drawn.push(["move", x, y]),
    /** @param {number} x @param {number} y */
    lineTo: (x, y) => void drawn.push(["line", x, y]),
  };
  return canvas;
}

/** @param {unknown} canvas */
const context = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas);

test("whatever an axis has no place for is marked, once a row of neighbours, at its farthest", () => {
  const values = [-17, -3, 0.5, NaN, 1.2, 1.5, -0.2, 1];
  assert.deepEqual(clippedValues(values, LINEAR), [
    { index: 0, value: -17, side: "low" },
    { index: 5, value: 1.5, side: "high" },
    { index: 6, value: -0.2, side: "low" },
  ]);
  assert.deepEqual(clippedValues([0.64, 0, 0, 12], LOG), [
    { index: 1, value: 0, side: "low" },
    { index: 3, value: 12, side: "high" },
  ]);
});

test("a zero on a log scale stands at the floor; what fits stands where it is", () => {
  assert.equal(clipToAxis(LOG, 0), 0.1);
  assert.equal(clipToAxis(LOG, 0.5), 0.5);
  assert.equal(clipToAxis(LINEAR, -17), 0);
  assert.equal(sideOf(LOG, 0), "low");
  assert.equal(sideOf(LINEAR, 0), null);
  assert.equal(sideOf(LINEAR, NaN), null);
  assert.equal(sideOf(LINEAR, 1 + 1e-12), null, "no more than rounding");
  assert.ok(Number.isNaN(clipToAxis(LOG, NaN)));
});

test("marks stand at the edge, and apart", () => {
  const canvas = paper();
  const cuts = [0, 1, 40].map((index) => ({ index, value: -1, side: /** @type {const} */ ("low") }));
  markClipped(context(canvas), cuts, ({ index }) => index, { top: 0, bottom: 50 });
  assert.deepEqual(canvas.drawn.filter(([how]) => how === "move"), [["move", 0, 50], ["move", 40, 50]]);
});

test("an axis holds every value of a log scale but zeros, which lie below it", () => {
  const measure = { ends: null };
  const zeros = axisRange(measure, true, [Float64Array.of(0.643, 0.5, 0, 0)]);
  assert.deepEqual(zeros, axisRange(measure, true, [Float64Array.of(0.643, 0.5)]));
  assert.ok(zeros.low < 0.5 && zeros.high > 0.643);
  assert.deepEqual(clippedValues([0.643, 0.5, 0, 0], zeros).map(({ value }) => value), [0]);
  assert.deepEqual(axisRange(measure, true, [Float64Array.of(0, 0)]), { low: 0.1, high: 1, scale: "log" });
  assert.deepEqual(axisRange({ ends: [0, 1] }, false, []), { low: 0, high: 1, scale: "linear" });
});

test("a line on a log scale goes down to its zeros, with a mark", () => {
  const canvas = paper();
  /** @type {import("../../../frontend/app/types/pictures.js").LineMark} */
  const mark = { kind: "line", x: tensor([0, 1, 2]), y: tensor([1, 0, 1]), label: "", color: "ink", width: 1, dashed: false };
  /** @type {import("../../../frontend/app/marks/view.js").View} */
  const view = {
    canvas: context(canvas), left: 0, top: 0, width: 2, height: 100, ratio: 1, xAxis: axis(0, 2),
    yAxis: { ...axis(0.1, 10), scale: "log" }, tinted: false, key: "",
    palette: /** @type {import("../../../frontend/app/marks/colors.js").Palette} */ (
      /** @type {unknown} */ ({ css: () => "black" })
    ),
  };
  drawLine(mark, view);
  assert.deepEqual(canvas.drawn.slice(0, 3), [["move", 0, 50], ["line", 1, 100], ["line", 2, 50]]);
  assert.deepEqual(canvas.drawn[3], ["move", 1, 100], "the mark");
});
