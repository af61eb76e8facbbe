/** What is painted over plots: the cursor, a chosen place, frames, handles and cells' numbers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvases, size } from "../marks/elements.js";
import { canvasOf, ink } from "../marks/screen.js";
import { DragPoint } from "../../../frontend/app/inputs/drag-point.js";
import { palette } from "../../../frontend/app/marks/colors.js";
import { cellBox } from "../../../frontend/app/marks/matrix.js";
import { CellNumbers } from "../../../frontend/app/views/cnn/cell-numbers.js";
import { drawCursor } from "../../../frontend/app/panels/cursor.js";
import { PlotFigure } from "../../../frontend/app/panels/figure.js";
import { PLACE } from "../marks/drawn/draw.js";
import { boxes, corners, discs, only, texts } from "../marks/painted.js";
import { matrix, plot, view } from "../marks/plots.js";
import { axis } from "../marks/tensors.js";

/** (x, y) lies at (60 + 50·x, 120 − 10·y). @param {(place: any) => void} draw */
function over(draw) {
  const { fake, context } = canvasOf(220, 140);
  draw(view({ ...PLACE, canvas: context, palette: palette(), xAxis: axis(-1, 3), yAxis: axis(0, 10) }));
  return fake.recording.painted;
}

test("the cursor is a faint cross over the whole plot, where it points", () => {
  const [cross, ...others] = only(over((place) => drawCursor(place, { x: 1, y: 8 }, null)), "stroke");
  assert.deepEqual(corners(cross), [[[110.5, 20], [110.5, 120]], [[10, 40.5], [210, 40.5]]]);
  assert.deepEqual([cross?.color, cross?.alpha, others.length], [ink("ink"), 0.55, 0]);
});

test("a chosen place is a plus with a rim below it; on the line it stands at the foot", () => {
  const [rim, plus] = only(over((place) => drawCursor(place, null, [1, 8])), "stroke");
  assert.deepEqual(corners(plus), [[[104, 40], [116, 40]], [[110, 34], [110, 46]]]);
  assert.deepEqual(corners(rim), corners(plus));
  assert.deepEqual([rim?.color, rim?.width, plus?.color, plus?.width], [ink("surface"), 4, ink("ink"), 2]);
  const [, onLine] = only(over((place) => drawCursor(place, null, [1])), "stroke");
  assert.deepEqual(corners(onLine)[1], [[110, 106], [110, 118]]);
});

test("a handle lies at its place, at the edge where that lies beyond", () => {
  const at = (/** @type {number} */ x, /** @type {number} */ y) => {
    const order = { at: { x, y }, view: () => null, redraw() {}, onChange() {} };
    const canvas = /** @type {any} */ ({ style: {}, addEventListener() {} });
    return discs(over((place) => new DragPoint(canvas, order).draw(place)));
  };
  const found = at(1, 8);
  assert.deepEqual(found.map(({ how, color, radius }) => [how, color, radius]), [
    ["fill", ink("surface"), 7], ["stroke", ink("ink"), 7], ["fill", ink("accent"), 2.5],
  ]); // prettier-ignore
  assert.ok(found.every(({ x, y }) => x === 110 && y === 40));
  assert.deepEqual([at(-9, 20)[0]?.x, at(-9, 20)[0]?.y], [10, 20]);
});

test("a small matrix has its numbers in their own cells, readable on either colour", () => {
  const numbers = new CellNumbers();
  numbers.setMatrices([plot([matrix([[0.25, 1], [0, 0.5]])], { id: "patch" })]);
  assert.deepEqual(texts(over((place) => numbers.write(place, "patch"))), [
    { text: "0.25", color: ink("ink"), align: "center", x: 60, y: 45 },
    { text: "1.00", color: ink("on-accent"), align: "center", x: 160, y: 45 },
    { text: "0.00", color: ink("ink"), align: "center", x: 60, y: 95 },
    { text: "0.50", color: ink("ink"), align: "center", x: 160, y: 95 },
  ]);
  assert.deepEqual(texts(over((place) => numbers.write(place, "other"))), []);
});

test("the cell under the pointer has a frame, the chosen one another over it", () => {
  Object.assign(size, { width: 200, height: 120 });
  const figure = new PlotFigure();
  const canvas = canvases.at(-1);
  const values = matrix([[0, 1], [2, 3]], { peak: 3 });
  figure.show(plot([values]), size);
  const place = figure.plot.view;
  assert.ok(place && canvas);
  const [chosen, pointed] = [cellBox(values, place, 1, 0), cellBox(values, place, 0, 1)];
  figure.choose({ row: 1, column: 0 });
  const before = canvas.recording.painted.length;
  canvas.emit("pointermove", { offsetX: pointed.left + 3, offsetY: pointed.top + 3 });
  const frames = boxes(canvas.recording.painted.slice(before), "stroke");
  assert.deepEqual(frames, [
    { color: ink("ink"), box: [pointed.left + 0.75, pointed.top + 0.75, pointed.width - 1.5, pointed.height - 1.5] },
    { color: ink("accent"), box: [chosen.left + 1, chosen.top + 1, chosen.width - 2, chosen.height - 2] },
  ]);
});
