/** Draws a matrix as a grid of cells, row 0 on top. */

import { fillPixels, pixelBuffer } from "./pixels.js";

/** @typedef {import("../types/pictures.js").MatrixMark} MatrixMark */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Box} Box */

/** Cells smaller than this, in pixels, have no gaps. */
const GAPS_FROM = 7;

/**
 * @param {MatrixMark} mark
 * @param {View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawMatrix(mark, view, cache) {
  const [rows = 1, columns = 1] = mark.values.shape;
  const { canvas, left, top, width, height, palette } = view;
  const { canvas: small, context, image, pixels } = pixelBuffer(cache, columns, rows);
  const { table, around, scale } = scaleOf(mark, palette);
  fillPixels(pixels, mark.values.data, 0, columns, rows, false, table, scale, around);
  // NaN, such as a masked score, is not drawn as a cell.
  if (around > 0) mark.values.data.forEach((value, i) => Number.isNaN(value) && (pixels[i] = 0));
  context.putImageData(image, 0, 0);
  canvas.imageSmoothingEnabled = false;
  canvas.drawImage(small, left, top, width, height);
  canvas.imageSmoothingEnabled = true;
  if (Math.min(width / columns, height / rows) >= GAPS_FROM) {
    canvas.fillStyle = palette.css("surface");
    for (let i = 1; i < columns; i++) canvas.fillRect(left + (i * width) / columns - 0.5, top, 1, height);
    for (let i = 1; i < rows; i++) canvas.fillRect(left, top + (i * height) / rows - 0.5, width, 1);
  }
  writeCounts(mark, view);
  if (mark.outlined) outline(mark.outlined, mark, view);
}

/**
 * The table of a matrix's colours, and the place of a value in it: around + scale · value.
 * @param {Pick<MatrixMark, "colors" | "peak" | "pixels">} mark
 * @param {import("./colors.js").Palette} palette
 */
export function scaleOf({ colors, peak, pixels }, palette) {
  const around = colors === "diverging" ? 127.5 : 0;
  const table = palette.table(pixels && colors === "sequential" ? "ink" : colors);
  return { table, around, scale: (255 - around) / (peak || 1) };
}

/**
 * Writes counts into their cells if there is room; other numbers are read under the cursor.
 * @param {MatrixMark} mark
 * @param {View} view
 */
function writeCounts({ values, peak, colors, row_labels }, { canvas, left, top, width, height, palette }) {
  const [rows = 1, columns = 1] = values.shape;
  const type = 10.5 * palette.scale;
  const room = Math.min(width / columns, 1.6 * (height / rows));
  if (colors !== "sequential" || !row_labels.length || room < 2 * type) return;
  if (!values.data.every(Number.isInteger)) return;
  canvas.font = `${type}px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  values.data.forEach((value, i) => {
    if (value === 0) return;
    canvas.fillStyle = palette.css(value > 0.55 * peak ? "on-accent" : "ink");
    const across = left + (((i % columns) + 0.5) * width) / columns;
    canvas.fillText(String(value), across, top + ((Math.floor(i / columns) + 0.5) * height) / rows);
  });
}

/**
 * @param {import("../types/pictures.js").Tensor} cells
 * @param {MatrixMark} mark
 * @param {View} view
 */
function outline({ data }, mark, view) {
  const { canvas, palette } = view;
  canvas.strokeStyle = palette.css("positive");
  for (let i = 0; i + 1 < data.length; i += 2) {
    const box = cellBox(mark, view, data[i] ?? 0, data[i + 1] ?? 0);
    const line = Math.min(box.width, box.height) < 12 ? 1 : 1.5;
    canvas.lineWidth = line;
    canvas.strokeRect(box.left + line / 2, box.top + line / 2, box.width - line, box.height - line);
  }
}

/**
 * @param {MatrixMark} mark
 * @param {Box} box
 * @param {number} row
 * @param {number} column
 * @returns {Box} of one cell
 */
export function cellBox({ values }, { left, top, width, height }, row, column) {
  const [rows = 1, columns = 1] = values.shape;
  return {
    left: left + (column * width) / columns,
    top: top + (row * height) / rows,
    width: width / columns,
    height: height / rows,
  };
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
