/** Draws small images in rows, each with a caption and, if known, a frame for right or wrong. */

import { fillPixels, pixelBuffer } from "./pixels.js";

/** @typedef {import("../types/pictures.js").ImagesMark} ImagesMark */
/** @typedef {import("./view.js").Box} Box */
/** @typedef {import("./view.js").View} View */

/**
 * @typedef {object} ImageGrid
 * @property {number} columns
 * @property {number} rows
 * @property {number} width of an image
 * @property {number} height of an image
 * @property {number} across from one image to the next
 * @property {number} down from one row to the next
 * @property {number} inset from the left end of its column to an image
 */

const CAPTION = 15;
const WORDS = 8; // characters of a caption that needs more room than an image
const CAPTION_SPACING = 1.4; // of an image's width, from one to the next
const WRONG = 0;
const RIGHT = 1;

/** @param {ImagesMark} mark */
const hasCaptions = ({ labels }) => labels.some((label) => label !== "");

/**
 * The arrangement of images in a room, as large as they fit.
 * @param {ImagesMark} mark
 * @param {{width: number, height: number}} room in CSS pixels; a height of Infinity is unlimited
 * @param {number} scale of type
 * @param {number} [ratio] device pixels a CSS pixel: an image's pixels cover whole ones if possible
 * @returns {ImageGrid}
 */
export function imageGrid(mark, room, scale, ratio = 1) {
  const [count = 0, high = 1, wide = 1] = mark.values.shape;
  const caption = hasCaptions(mark) ? CAPTION * scale : 0;
  const columns = mark.columns ?? fittingColumns(count, wide / high, room, caption);
  const rows = Math.max(1, Math.ceil(count / columns));
  const gap = gapOf(room.width / columns, mark);
  const most = Math.min(
    room.width / columns - gap,
    ((room.height / rows - gap - caption) * wide) / high,
  );
  const width = wholePixels(Math.max(1, most), wide, ratio);
  const height = (width * high) / wide;
  // Words are wider than their images, which are placed apart if there is room.
  const words = mark.labels.some((label) => label.length >= WORDS);
  const apart = words && columns > 1 ? Math.min(room.width / columns, CAPTION_SPACING * width) : 0;
  const across = Math.max(width + gap, apart);
  const inset = apart > width + gap ? (apart - width) / 2 : 0;
  return { columns, rows, width, height, across, down: height + gap + caption, inset };
}

/** The gap between images, smaller in a decoded grid. @param {number} pitch @param {ImagesMark} mark */
const gapOf = (pitch, mark) => (mark.values.shape[0] === 1 ? 0 : Math.min(8, Math.max(1, pitch * 0.08)));

/**
 * A width with whole device pixels for each image pixel, if that loses little of the size.
 * @param {number} width
 * @param {number} wide pixels of the image
 * @param {number} ratio
 */
function wholePixels(width, wide, ratio) {
  const each = (width * ratio) / wide;
  return each >= 3 ? (Math.floor(each) * wide) / ratio : width;
}

/**
 * @param {number} count
 * @param {number} aspect
 * @param {{width: number, height: number}} room
 * @param {number} caption
 */
function fittingColumns(count, aspect, { width, height }, caption) {
  if (!Number.isFinite(height)) return Math.max(1, Math.min(count, Math.floor(width / 48)));
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns, (height / rows - caption) * aspect);
    if (size > best.size) best = { columns, size };
  }
  return best.columns;
}

/**
 * The box of image i.
 * @param {ImageGrid} grid
 * @param {{left: number, top: number, width: number}} box of all
 * @param {number} i
 * @returns {Box}
 */
export function imageBox({ columns, width, height, across, down, inset }, { left, top }, i) {
  return { left: left + (i % columns) * across + inset, top: top + Math.floor(i / columns) * down, width, height };
}

/**
 * @param {ImagesMark} mark
 * @param {View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawImages(mark, view, cache) {
  const { canvas, palette, ratio } = view;
  const [count = 0, high = 1, wide = 1] = mark.values.shape;
  const grid = imageGrid(mark, view, palette.scale, ratio);
  // All images below one another in one buffer: one upload to the canvas for all.
  const { canvas: small, context, image, pixels } = pixelBuffer(cache, wide, high * count);
  const { lo = 0, hi = 255, data } = mark.values;
  const span = mark.hi - mark.lo || 1;
  const table = palette.table(mark.colors === "sequential" ? "ink" : mark.colors);
  fillPixels(pixels, data, 0, wide, high * count, false, table, (hi - lo) / span, (255 * (lo - mark.lo)) / span);
  context.putImageData(image, 0, 0);
  canvas.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) {
    const { left, top, width, height } = imageBox(grid, view, i);
    canvas.drawImage(small, 0, i * high, wide, high, left, top, width, height);
  }
  canvas.imageSmoothingEnabled = true;
  if (mark.right) frames(mark.right.data, grid, view);
  if (hasCaptions(mark)) captions(mark, grid, view);
}

/**
 * Draws the frames: wrong images stand out; right ones have a faint frame.
 * @param {import("../types/pictures.js").Numbers} right
 * @param {ImageGrid} grid
 * @param {View} view
 */
function frames(right, grid, view) {
  const { canvas, palette } = view;
  for (let i = 0; i < right.length; i++) {
    if (right[i] !== WRONG && right[i] !== RIGHT) continue;
    const { left, top, width, height } = imageBox(grid, view, i);
    const line = right[i] === WRONG ? 2 : 1;
    canvas.strokeStyle = palette.css(right[i] === WRONG ? "danger" : "third");
    canvas.lineWidth = line;
    canvas.strokeRect(left + line / 2, top + line / 2, width - line, height - line);
  }
}

/**
 * @param {ImagesMark} mark
 * @param {ImageGrid} grid
 * @param {View} view
 */
function captions({ labels, right }, grid, view) {
  const { canvas, palette } = view;
  canvas.font = `${10.5 * palette.scale}px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "top";
  labels.forEach((label, i) => {
    const { left, top, width, height } = imageBox(grid, view, i);
    canvas.fillStyle = palette.css(right?.data[i] === WRONG ? "danger" : "second");
    canvas.fillText(label, left + width / 2, top + height + 2 * palette.scale, grid.across - 2);
  });
}

/**
 * The image and its pixel at a place on the canvas; null between images.
 * @param {ImagesMark} mark
 * @param {View} view
 * @param {number} x
 * @param {number} y
 * @returns {{index: number, row: number, column: number, box: Box} | null}
 */
export function imageAt(mark, view, x, y) {
  const [count = 0, high = 1, wide = 1] = mark.values.shape;
  const grid = imageGrid(mark, view, view.palette.scale, view.ratio);
  const across = Math.floor((x - view.left) / grid.across);
  const down = Math.floor((y - view.top) / grid.down);
  const index = down * grid.columns + across;
  if (across < 0 || down < 0 || across >= grid.columns || index >= count) return null;
  const box = imageBox(grid, view, index);
  const row = Math.floor(((y - box.top) / box.height) * high);
  const column = Math.floor(((x - box.left) / box.width) * wide);
  return row < high && column >= 0 && column < wide ? { index, row, column, box } : null;
}
