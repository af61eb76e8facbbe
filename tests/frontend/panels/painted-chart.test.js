/** What is painted over a chart: labels at the lines' ends, values out of range, the viewed step. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink } from "../marks/screen.js";
import { palette } from "../../../frontend/app/marks/colors.js";
import { drawChartOverlay, labelWidth } from "../../../frontend/app/panels/chart-overlay.js";
import { MEASURES } from "../../../frontend/app/panels/measures.js";
import { boxes, corners, discs, only, texts } from "../marks/painted.js";

/** The plot is 200 × 100 pixels at (40, 8): step 0 to 4 goes 50 pixels a step, 0 to 10 goes 10 pixels a unit. */
const BOX = { left: 40, top: 8, width: 200, height: 100 };
const AXIS = { low: 0, high: 10, scale: /** @type {const} */ ("linear") };
const TYPE = 11;
/** The height of a row of a label, over the size of its letters. */
const LINE = 1.3;
const LOSS = MEASURES.find(({ id }) => id === "loss");

/** @param {number} value */
const yOf = (value) => BOX.top + BOX.height - 10 * value;
/** @param {number} step */
const xOf = (step) => BOX.left + 50 * step;

/**
 * What is painted over curves at steps 0 to 4.
 * @param {number[][]} curves train and test
 * @param {{now?: number[], step?: number | null, ratio?: number, changes?: import("../../../frontend/app/panels/change-marks.js").Change[], axis?: import("../../../frontend/app/marks/clipped.js").AxisRange,
 *   height?: number}} [more]
 *   `now`: the values at the viewed step, by default the last
 */
function over(curves, { now, step = null, ratio = 1, axis = AXIS, height = BOX.height, changes = [] } = {}) {
  assert.ok(LOSS);
  const { fake, context } = canvasOf(400, 140);
  const bbox = Object.fromEntries(Object.entries({ ...BOX, height }).map(([side, pixels]) => [side, pixels * ratio]));
  const chart = /** @type {any} */ ({
    ctx: context,
    bbox,
    valToPos: (/** @type {number} */ value, /** @type {string} */ scale) =>
      ratio * (scale === "x" ? xOf(value) : yOf(value)),
  });
  const rows = [[0, 1, 2, 3, 4], ...curves].map((row) => Float64Array.from(row));
  const content = { axis, rows, now: now ?? curves.map((row) => row.at(-1) ?? NaN), changes };
  drawChartOverlay(chart, content, LOSS, step, { colors: palette(), type: TYPE, ratio });
  return fake.recording.painted;
}

test("each line's label stands right of the plot, at its last value, in the line's colour", () => {
  const row = (LINE * TYPE) / 2;
  assert.deepEqual(texts(over([[9, 8, 7, 6, 5], [9, 8, 8, 8, 8]])), [
    { text: "train", color: ink("second"), align: "left", x: 246, y: yOf(5) - row },
    { text: "5.00", color: ink("second"), align: "left", x: 246, y: yOf(5) + row },
    { text: "test", color: ink("accent"), align: "left", x: 246, y: yOf(8) - row },
    { text: "8.00", color: ink("accent"), align: "left", x: 246, y: yOf(8) + row },
  ]);
});

test("labels of too many lines for two rows each have one", () => {
  const [train, other] = texts(over([[9, 8, 7, 6, 5], [9, 8, 8, 8, 8]], { height: 50 }));
  assert.deepEqual([train?.text, other?.text], ["train 5.00", "test 8.00"]);
  assert.ok(labelWidth(1, TYPE) > labelWidth(2, TYPE));
});

test("on a fine screen labels stand where they stand on a coarse one", () => {
  const [train] = texts(over([[9, 8, 7, 6, 5], [9, 8, 8, 8, 8]], { ratio: 2 }));
  assert.deepEqual([train?.x, train?.y], [2 * 246, 2 * (yOf(5) - (LINE * TYPE) / 2)]);
});

test("labels of lines that end at one value do not overlap, and keep their order", () => {
  for (const [train, other] of /** @type {const} */ ([[5, 5.2], [5.2, 5], [5, 5], [0, 0.1], [10, 9.9]])) {
    const found = texts(over([[9, 8, 7, 6, train], [9, 8, 7, 6, other]]));
    const heights = found.map(({ y }) => y).sort((a, b) => a - b);
    assert.equal(heights.length, 4);
    for (const [i, y] of heights.slice(1).entries()) {
      const apart = y - (heights[i] ?? NaN);
      assert.ok(apart >= 1.2 * TYPE, `${train} and ${other} are ${apart} pixels apart`);
    }
    const at = (/** @type {string} */ name) => found.find(({ text }) => text === name)?.y ?? NaN;
    if (train !== other) assert.equal(at("train") < at("test"), train > other, "the higher line has the higher label");
    for (const { y } of found) {
      assert.ok(y >= BOX.top + TYPE / 2 && y <= BOX.top + BOX.height - TYPE / 2, "within the plot's height");
    }
  }
});

test("a line that ends early keeps its label at its last number; one without numbers has none", () => {
  const [train, value, ...others] = texts(over([[9, 8, 7, NaN, NaN], [NaN, NaN, NaN, NaN, NaN]]));
  assert.deepEqual([train?.text, train?.y, value?.text, others.length], ["train", yOf(7) - (LINE * TYPE) / 2, "–", 0]);
});

test("a line that ends beyond the axis has its label and its dot at the axis's end", () => {
  const painted = over([[1, 1, 1, 1, 30], [5, 5, 5, 5, 5]], { step: 4 });
  const [label, value] = texts(painted).filter(({ x }) => x > BOX.left + BOX.width);
  assert.deepEqual([label?.text, label?.y, value?.text], ["train", BOX.top + (LINE * TYPE) / 2, "30.0"]);
  assert.deepEqual([discs(painted)[0]?.x, discs(painted)[0]?.y], [xOf(4), BOX.top]);
});

test("values beyond the axis have a mark at its edge and the farthest in words, in the line's colour", () => {
  const painted = over([[1, 30, 20, 1, 1], [5, 5, 5, 5, 5]]);
  const [mark] = only(painted, "fill");
  assert.equal(mark?.color, ink("second"));
  assert.deepEqual(corners(mark)[0]?.[0], [xOf(1), BOX.top]);
  const words = texts(painted).filter(({ x }) => x < BOX.left + BOX.width);
  assert.deepEqual(words, [{ text: "30", color: ink("second"), align: "left", x: xOf(1) + 8, y: BOX.top + 6 }]);
});

test("words about two lines at one edge stand in two rows", () => {
  const painted = over([[1, 30, 1, 1, 1], [5, 40, 5, 5, 5]]);
  const words = texts(painted).filter(({ x }) => x < BOX.left + BOX.width);
  assert.deepEqual(words.map(({ text }) => text), ["30", "40"]);
  assert.ok(Math.abs((words[0]?.y ?? 0) - (words[1]?.y ?? 0)) >= TYPE);
});

test("the viewed step has a line over the plot's height, and a dot on each curve", () => {
  const row = (LINE * TYPE) / 2;
  const painted = over([[9, 8, 3, 6, 5], [9, 8, 7, 8, 8]], { step: 2, now: [3, 7] });
  assert.deepEqual(boxes(painted), [{ color: ink("accent"), box: [xOf(2), BOX.top, 1, BOX.height] }]);
  assert.deepEqual(discs(painted).map(({ color, x, y }) => [color, x, y]), [
    [ink("second"), xOf(2), yOf(3)],
    [ink("accent"), xOf(2), yOf(7)],
  ]);
  assert.deepEqual(texts(painted).map(({ text, y }) => [text, y]), [
    ["train", yOf(3) - row], ["3.00", yOf(3) + row],
    ["test", yOf(7) - row], ["7.00", yOf(7) + row],
  ]);
  assert.deepEqual(discs(over([[1, 1, 1, 1, 1], [5, 5, 5, 5, 5]])), []);
  assert.deepEqual(boxes(over([[1, 1, 1, 1, 1], [5, 5, 5, 5, 5]], { step: 9 })), [], "beyond the zoomed steps");
});

/** @param {number} step @param {string} from @param {string} to */
const rate = (step, from, to) =>
  /** @type {const} */ ({ kind: "set", step, key: "optimizer.lr", name: "η", from, to });
const CURVES = [[9, 8, 7, 6, 5], [9, 8, 8, 8, 8]];
/** What is written over the plot, not beside it. @param {import("../marks/painted.js").Painted[]} painted */
const inPlot = (painted) => texts(painted).filter(({ x }) => x < BOX.left + BOX.width);

test("a change is a dashed line at its step with a tick at the top, in the colour of axes, and its label", () => {
  const painted = over(CURVES, { changes: [rate(1, "0.01", "0.03")] });
  const [line] = only(painted, "stroke");
  assert.deepEqual([line?.color, line?.dash, line?.width], [ink("third"), [2, 3], 1]);
  assert.deepEqual(corners(line), [[[xOf(1) + 0.5, BOX.top], [xOf(1) + 0.5, BOX.top + BOX.height]]]);
  assert.deepEqual(boxes(painted), [{ color: ink("third"), box: [xOf(1) - 0.5, BOX.top, 2, 5] }]);
  assert.deepEqual(inPlot(painted).map(({ text, color, x }) => [text, color, x]), [["η 0.03", ink("third"), xOf(1) + 4]]);
  const [halo] = only(painted, "outline");
  assert.deepEqual([halo?.text, halo?.color], ["η 0.03", ink("surface")]);
});

test("a change lies at the same place on a fine screen", () => {
  const painted = over(CURVES, { ratio: 2, changes: [rate(1, "0.01", "0.03")] });
  const [line] = only(painted, "stroke");
  assert.deepEqual([corners(line)[0]?.[0], line?.dash], [[2 * xOf(1) + 1, 2 * BOX.top], [4, 6]]);
  assert.equal(inPlot(painted)[0]?.x, 2 * (xOf(1) + 4));
});

test("changes within a few pixels are one mark at the last of them, from the first value to the last", () => {
  const drag = Array.from({ length: 40 }, (_, i) => rate(2 + i / 1000, String(i), String(i + 1)));
  const painted = over(CURVES, { changes: drag });
  assert.equal(boxes(painted).length, 1);
  assert.deepEqual(inPlot(painted).map(({ text }) => text), ["η 40"]);
});

test("labels stand left of their mark at the end, never beside the plot, and not over what is cut off above", () => {
  const near = over(CURVES, { changes: [rate(3.9, "0.01", "0.03")] });
  assert.deepEqual(inPlot(near).map(({ text, x }) => [text, x]), [["η 0.03", xOf(3.9) - 4 - 36]]);
  const [line] = only(near, "stroke");
  assert.equal(corners(line).length, 1);
  const cut = over([[1, 30, 20, 1, 1], [5, 5, 5, 5, 5]], { changes: [rate(0.9, "0.01", "0.03")] });
  assert.deepEqual(inPlot(cut).map(({ text }) => text), ["η 0.03", "30"]);
  const [label, far] = inPlot(cut);
  assert.ok(label && far && label.x + 36 <= far.x, "to the left of its mark, where there is room");
});

test("changes beyond the zoomed steps are not drawn, and a run without changes has no mark", () => {
  assert.deepEqual(boxes(over(CURVES, { changes: [rate(9, "0.01", "0.03")] })), []);
  assert.deepEqual(only(over(CURVES), "stroke"), []);
});
