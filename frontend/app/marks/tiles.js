/** Draws small maps of one size: each at its own place, or all in rows. */

import { fillPixels, pixelBuffer } from "./pixels.js";

/** @typedef {import("../types/pictures.js").TilesMark} TilesMark */
/** @typedef {import("./view.js").Box} Box */

/**
 * Draws tile i into a box of the canvas; on the line as a curve.
 * @param {CanvasRenderingContext2D} canvas
 * @param {TilesMark} mark
 * @param {number} i
 * @param {Box} box
 * @param {import("./colors.js").Palette} palette
 * @param {import("./view.js").Cache} cache one for all tiles of one size
 */
export function drawTile(canvas, mark, i, box, palette, cache) {
  const [, height = 1, width = 1] = mark.values.shape;
  if (height === 1) return curve(canvas, mark, i, box, palette);
  const { canvas: small, context, image, pixels } = pixelBuffer(cache, width, height);
  const { lo = 0, hi = 255, data } = mark.values;
  // Stored u is lo + (hi − lo)·u/255, and the scale runs from mark.lo to mark.hi.
  const scale = (hi - lo) / (mark.hi - mark.lo);
  const shift = (255 * (lo - mark.lo)) / (mark.hi - mark.lo);
  const table = palette.table(mark.colors);
  fillPixels(pixels, data, i * width * height, width, height, true, table, scale, shift);
  context.putImageData(image, 0, 0);
  canvas.imageSmoothingEnabled = true;
  canvas.drawImage(small, box.left, box.top, box.width, box.height);
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {TilesMark} mark
 * @param {number} i
 * @param {Box} box
 * @param {import("./colors.js").Palette} palette
 */
function curve(canvas, mark, i, { left, top, width, height }, palette) {
  const count = mark.values.shape[2] ?? 1;
  const { lo = 0, hi = 255, data } = mark.values;
  const pad = Math.min(4, height / 8);
  canvas.fillStyle = palette.css("zero");
  canvas.fillRect(left, top, width, height);
  canvas.fillStyle = palette.css("line");
  canvas.fillRect(left, top + height / 2 - 0.5, width, 1);
  canvas.beginPath();
  for (let j = 0; j < count; j++) {
    const value = lo + ((hi - lo) * (data[i * count + j] ?? 0)) / 255;
    const up = (value - mark.lo) / (mark.hi - mark.lo);
    canvas.lineTo(left + (j / Math.max(1, count - 1)) * width, top + pad + (1 - up) * (height - 2 * pad));
  }
  canvas.strokeStyle = palette.css("accent");
  canvas.lineWidth = 1.5;
  canvas.lineJoin = "round";
  canvas.stroke();
}

/**
 * The box of tile i, in an arrangement of rows that is as nearly square as possible.
 * @param {number} count
 * @param {Box} box of all
 * @param {number} i
 * @returns {Box}
 */
export function tileBox(count, box, i) {
  const columns = Math.max(1, Math.ceil(Math.sqrt((count * box.width) / box.height) - 1e-6));
  const pitch = Math.min(box.width / columns, box.height / Math.ceil(count / columns));
  return {
    left: box.left + (i % columns) * pitch + 2,
    top: box.top + Math.floor(i / columns) * pitch + 2,
    width: pitch - 4,
    height: pitch - 4,
  };
}

/**
 * Draws all tiles of a plot.
 * @param {TilesMark} mark
 * @param {import("./view.js").View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawTiles(mark, view, cache) {
  const count = mark.ids.length;
  for (let i = 0; i < count; i++) {
    drawTile(view.canvas, mark, i, tileBox(count, view, i), view.palette, cache);
  }
}

/**
 * The tile at a place on the canvas; null between them.
 * @param {TilesMark} mark
 * @param {import("./view.js").View} view
 * @param {number} x
 * @param {number} y
 * @returns {{index: number, box: Box} | null}
 */
export function tileAt(mark, view, x, y) {
  for (let index = 0; index < mark.ids.length; index++) {
    const box = tileBox(mark.ids.length, view, index);
    const { left, top, width, height } = box;
    if (x >= left && x < left + width && y >= top && y < top + height) return { index, box };
  }
  return null;
}
