/** Draws one head's attention on a canvas: the weights, the task's ideal, and the chosen row and cell. */

import { palette } from "../../marks/colors.js";
import { cellBox, drawMatrix } from "../../marks/matrix.js";

/** @typedef {import("../../types/pictures.js").MatrixMark} MatrixMark */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {MatrixMark} matrix
 * @param {{row: number, column: number}} chosen cell; outside it is not framed
 * @param {{side: number, cache: import("../../marks/view.js").Cache, framed: boolean}} options side in CSS pixels; whether the row is framed
 */
export function drawHead(canvas, matrix, chosen, { side, cache, framed }) {
  const ratio = devicePixelRatio || 1;
  const size = Math.round(side * ratio);
  if (canvas.width !== size) canvas.width = canvas.height = size;
  canvas.style.width = canvas.style.height = `${side}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  const colors = palette();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, side, side);
  const axis = { name: "", low: 0, high: 1, unit: "", scale: /** @type {const} */ ("linear") };
  const box = { left: 0, top: 0, width: side, height: side };
  const view = { canvas: context, ...box, ratio, xAxis: axis, yAxis: axis, palette: colors, tinted: false, key: "" };
  drawMatrix(matrix, /** @type {import("../../marks/view.js").View} */ (/** @type {unknown} */ (view)), cache);
  const [rows = 0, columns = 0] = matrix.values.shape;
  const { row, column } = chosen;
  if (row < 0 || row >= rows) return;
  const stroke = (/** @type {string} */ role, /** @type {number} */ width, /** @type {import("../../marks/view.js").Box} */ { left, top, width: w, height: h }) => {
    context.strokeStyle = colors.css(role);
    context.lineWidth = width;
    context.strokeRect(left + width / 2, top + width / 2, w - width, h - width);
  };
  if (framed) stroke("accent", 1.5, { ...cellBox(matrix, box, row, 0), width: side });
  if (column < 0 || column >= columns) return;
  const cell = cellBox(matrix, box, row, column);
  // Around the cell, so that the ideal's frame lies within it.
  const out = framed ? 1.5 : 0.5;
  const around = { left: Math.max(0, cell.left - out), top: Math.max(0, cell.top - out), width: cell.width + 2 * out, height: cell.height + 2 * out };
  around.left = Math.min(around.left, side - around.width);
  around.top = Math.min(around.top, side - around.height);
  stroke("ink", framed ? 2.5 : 1.5, around);
}
