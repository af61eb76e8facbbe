/** Draws named bars: from the bottom up, or from left to right with name and value beside them. */

import { at } from "../stream/frame.js";
import { format, share } from "./scales.js";
import { placeY } from "./view.js";

/** @typedef {import("../types/pictures.js").BarsMark} BarsMark */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Box} Box */

/** The room for a value after its bar. */
const VALUE_WIDTH = 52;
const THICKEST = 18;

/**
 * @param {BarsMark} mark
 * @param {View} view
 */
export function drawBars(mark, view) {
  const { canvas, palette } = view;
  const count = mark.values.data.length;
  canvas.fillStyle = palette.css(mark.color);
  for (let i = 0; i < count; i++) {
    const { left, top, width, height } = barBox(mark, view, i);
    if (!mark.horizontal) canvas.fillRect(left, top, width, height);
    else if (width > 0) {
      canvas.beginPath();
      canvas.roundRect(left, top, width, height, Math.min(3, width / 2));
      canvas.fill();
    }
  }
  if (mark.horizontal) drawValues(mark, view);
}

/**
 * @param {BarsMark} mark
 * @param {View} view
 * @param {number} i
 * @returns {Box} where bar i lies
 */
export function barBox(mark, view, i) {
  const { left, top, width, height, yAxis } = view;
  const count = Math.max(1, mark.values.data.length);
  const value = at(mark.values, i);
  if (mark.horizontal) {
    const pitch = height / count;
    const thick = Math.min(THICKEST * view.palette.scale, 0.7 * pitch);
    const axis = valueAxis(mark, view);
    const place = (/** @type {number} */ one) =>
      left + share(axis, one) * Math.max(1, width - VALUE_WIDTH * view.palette.scale);
    const from = place(Math.max(axis.low, Math.min(0, axis.high)));
    const to = place(Number.isFinite(value) ? value : 0);
    return {
      left: Math.min(from, to),
      top: top + (i + 0.5) * pitch - thick / 2,
      width: Math.abs(to - from),
      height: thick,
    };
  }
  const pitch = width / count;
  const gap = Math.min(2, pitch / 4);
  const floor = placeY(view, Math.max(yAxis.low, Math.min(0, yAxis.high)));
  const end = placeY(view, value);
  return {
    left: left + i * pitch + gap / 2,
    top: Math.min(end, floor),
    width: pitch - gap,
    height: Math.abs(floor - end),
  };
}

/**
 * The plot's x axis if it has one that fits the bars; else from 0 to the largest.
 * @param {BarsMark} mark
 * @param {View} view
 */
function valueAxis({ values: { data } }, { xAxis }) {
  const finite = Array.from(data).filter(Number.isFinite);
  const high = Math.max(...finite, xAxis.label ? xAxis.high : 0, 1e-9);
  return { ...xAxis, low: Math.min(...finite, xAxis.label ? xAxis.low : 0, 0), high };
}

/**
 * @param {BarsMark} mark
 * @param {View} view
 */
function drawValues(mark, view) {
  const { canvas, palette } = view;
  canvas.font = `${10.5 * palette.scale}px ${palette.font}`;
  canvas.fillStyle = palette.css("ink");
  canvas.textAlign = "left";
  canvas.textBaseline = "middle";
  const all = Array.from(mark.values.data, (_, i) => at(mark.values, i));
  // Sizes are counts, without digits after the point. Shares that are all 0 or 1 have digits.
  const write = all.every(Number.isInteger) && Math.max(...all) > 1 ? String : format;
  for (let i = 0; i < mark.values.data.length; i++) {
    const { left, top, width, height } = barBox(mark, view, i);
    canvas.fillText(write(all[i] ?? NaN), left + width + 6 * palette.scale, top + height / 2);
  }
}

/**
 * The bar at a place on the canvas, by its lane; null outside.
 * @param {BarsMark} mark
 * @param {View} view
 * @param {number} x
 * @param {number} y
 */
export function barAt(mark, { left, top, width, height }, x, y) {
  const count = mark.values.data.length;
  const across = (x - left) / width;
  const down = (y - top) / height;
  if (across < 0 || across >= 1 || down < 0 || down >= 1) return null;
  return Math.floor((mark.horizontal ? down : across) * count);
}
