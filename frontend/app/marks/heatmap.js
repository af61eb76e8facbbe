/** Draws values on a grid over the plot, smooth between cell centres. */

import { fillPixels, fillClassPixels, pixelBuffer } from "./pixels.js";
import { FACTOR, sharpen } from "./sharpen.js";
import { at } from "../stream/frame.js";

/** @typedef {import("../types/pictures.js").HeatmapMark} HeatmapMark */
/** @typedef {import("../types/pictures.js").Axis} Axis */

/**
 * @param {HeatmapMark} mark
 * @param {import("./view.js").View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawHeatmap(mark, view, cache) {
  const { canvas, palette, tinted } = view;
  const [height = 1, width = 1] = mark.values.shape;
  const isProbability = mark.colors === "diverging" && mark.lo === 0 && mark.hi === 1;
  const factor = isProbability ? FACTOR : 1;
  const { canvas: small, context, image, pixels } = pixelBuffer(cache, width * factor, height * factor);
  if (isProbability) {
    sharpen(pixels, mark.values.data, width, height, palette.table("diverging", tinted));
  } else if (mark.colors === "classes") {
    fillClassPixels(pixels, mark.values, mark.opacity, palette, tinted);
  } else {
    const scale = 255 / (mark.hi - mark.lo || 1);
    const table = palette.table(mark.colors, tinted);
    fillPixels(pixels, mark.values.data, 0, width, height, true, table, scale, -mark.lo * scale);
  }
  context.putImageData(image, 0, 0);
  canvas.imageSmoothingEnabled = true;
  canvas.imageSmoothingQuality = "medium";
  canvas.drawImage(small, view.left, view.top, view.width, view.height);
}

/**
 * A heatmap's value at a point, linear between cell centres; of classes, the cell's own.
 * @param {HeatmapMark} mark
 * @param {Axis} xAxis
 * @param {Axis} yAxis
 * @param {number} x
 * @param {number} y
 * @returns {{value: number, certainty: number}} `certainty` is NaN if the map has none
 */
export function lookUp(mark, xAxis, yAxis, x, y) {
  const [height = 1, width = 1] = mark.values.shape;
  const column = ((x - xAxis.low) / (xAxis.high - xAxis.low)) * width - 0.5;
  const row = ((y - yAxis.low) / (yAxis.high - yAxis.low)) * height - 0.5;
  if (mark.colors === "classes") {
    const cell = clamp(Math.round(row), height) * width + clamp(Math.round(column), width);
    return { value: at(mark.values, cell), certainty: mark.opacity ? at(mark.opacity, cell) : NaN };
  }
  const left = clamp(Math.floor(column), width);
  const low = clamp(Math.floor(row), height);
  const right = clamp(left + 1, width);
  const high = clamp(low + 1, height);
  const across = Math.min(Math.max(column - left, 0), 1);
  const up = Math.min(Math.max(row - low, 0), 1);
  const { values } = mark;
  const below = at(values, low * width + left) * (1 - across) + at(values, low * width + right) * across;
  const above =
    at(values, high * width + left) * (1 - across) + at(values, high * width + right) * across;
  return { value: below * (1 - up) + above * up, certainty: NaN };
}

/**
 * @param {number} index
 * @param {number} count
 */
function clamp(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}
