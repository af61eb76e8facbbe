/** A matrix as a grid of cells, row 0 on top. */

import { color, sheet } from "./pixels.js";

/** @typedef {import("../types/pictures.js").MatrixMark} MatrixMark */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Box} Box */

/** Cells smaller than this, in pixels, touch. */
const GAPS_FROM = 7;

/**
 * @param {MatrixMark} mark
 * @param {View} view
 * @param {import("./view.js").Slot} slot
 */
export function drawMatrix(mark, view, slot) {
  const [rows = 1, columns = 1] = mark.values.shape;
  const { canvas, left, top, width, height, palette } = view;
  const { canvas: small, context, image, pixels } = sheet(slot, columns, rows);
  const scale = 127.5 / (mark.peak || 1);
  const table = palette.table(mark.colors);
  color(pixels, mark.values.data, 0, columns, rows, false, table, scale, 127.5);
  context.putImageData(image, 0, 0);
  canvas.imageSmoothingEnabled = false;
  canvas.drawImage(small, left, top, width, height);
  canvas.imageSmoothingEnabled = true;
  if (Math.min(width / columns, height / rows) < GAPS_FROM) return;
  canvas.fillStyle = palette.css("surface");
  for (let i = 1; i < columns; i++) canvas.fillRect(left + (i * width) / columns - 0.5, top, 1, height);
  for (let i = 1; i < rows; i++) canvas.fillRect(left, top + (i * height) / rows - 0.5, width, 1);
}

/**
 * The cell at a place on the canvas; null outside.
 * @param {MatrixMark} mark
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @returns {{row: number, column: number} | null}
 */
export function cellAt({ values }, { left, top, width, height }, x, y) {
  const [rows = 1, columns = 1] = values.shape;
  const column = Math.floor(((x - left) / width) * columns);
  const row = Math.floor(((y - top) / height) * rows);
  return column >= 0 && column < columns && row >= 0 && row < rows ? { row, column } : null;
}
