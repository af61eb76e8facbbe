/** Draws axes around a plot's box: ticks, numbers, names and units. */

import { axisTicks, tickText } from "./scales.js";
import { placeX, placeY } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./scales.js").NamedAxis} Axis */

const TICK = 3;
/** The height of a line of text. */
const LINE = 16;
/** The least distance of two names of ticks, which may be long. */
const GAP = 6;

/**
 * The room that numbers and names take, in CSS pixels.
 * @param {number} scale of type
 * @param {Axis | null} x
 * @param {Axis | null} y
 * @param {{left: number, bottom: number}} [names] the room for the names of a matrix or of bars
 */
export function margins(scale, x, y, names = { left: 0, bottom: 0 }) {
  return {
    left: Math.max(names.left, y ? Math.round(widest(y) * scale) : 1),
    bottom: Math.max(names.bottom, x ? Math.round((x.below ? 20 + LINE : 20) * scale) : 1),
    top: y ? Math.round((isLong(y) ? 18 : 6) * scale) : 1,
    right: x ? Math.round(6 * scale) : 1,
  };
}

/**
 * The room for the longest number beside an axis: "−0.5" takes more than "−3".
 * @param {Axis} axis
 */
function widest(axis) {
  const letters = axisTicks(axis, 6).map((value) => tickText(axis, value).length);
  return Math.max(26, 9 + 6.2 * Math.max(0, ...letters));
}

/**
 * @param {View} view
 * @param {Axis | null} x
 * @param {Axis | null} y
 */
export function drawAxes(view, x, y) {
  const { canvas, palette } = view;
  canvas.font = `${10.5 * palette.scale}px ${palette.font}`;
  canvas.fillStyle = palette.css("third");
  canvas.strokeStyle = palette.css("line");
  canvas.lineWidth = 1;
  if (x) drawXAxis(view, x);
  if (y) drawYAxis(view, y, x ? cornerOf(view, x) : "");
}

/**
 * Whether an axis's name does not fit beside it, and is placed above it.
 * @param {Axis} axis
 */
const isLong = (axis) => axisTitle(axis).length > 4;

/**
 * Draws faint lines at the y axis's numbers, for plots of curves.
 * @param {View} view
 */
export function drawGrid(view) {
  const { canvas, left, width, height, palette, yAxis } = view;
  canvas.fillStyle = palette.css("line");
  for (const value of axisTicks(yAxis, rows(height))) {
    canvas.fillRect(left, Math.round(placeY(view, value)), width, 1);
  }
}

/** With fewer labels a small axis may have only its 0, which says nothing of its scale. @param {number} length */
const fewest = (length) => (length < 80 ? 2 : length < 110 ? 3 : 4);

/** The number of labels along a height. @param {number} height */
const rows = (height) => Math.max(fewest(height), Math.min(6, height / 44));

/** The number of labels along a width. @param {number} width */
const columns = (width) => Math.max(fewest(width), Math.min(6, width / 50));

/** @param {Axis} axis */
const axisTitle = ({ label, unit }) => (unit ? `${label}, ${unit}` : label);

/**
 * @param {View} view
 * @param {Axis} axis
 */
function drawXAxis(view, axis) {
  const { canvas, left, top, width, height, palette } = view;
  const base = top + height;
  canvas.textBaseline = "top";
  canvas.textAlign = axis.below ? "center" : "right";
  const name = axisTitle(axis);
  const down = base + TICK + 3;
  if (axis.below) canvas.fillText(name, left + width / 2, down + LINE * palette.scale);
  else canvas.fillText(name, left + width, down);
  const free = axis.below ? Infinity : left + width - canvas.measureText(name).width - 4;
  canvas.textAlign = "center";
  canvas.beginPath();
  let taken = -Infinity;
  for (const value of axisTicks(axis, columns(width))) {
    const place = Math.round(placeX(view, value)) + 0.5;
    canvas.moveTo(place, base);
    canvas.lineTo(place, base + TICK);
    const text = tickText(axis, value);
    const half = canvas.measureText(text).width / 2;
    // Without a line of its own, the axis's name is at its end, in the place of a number.
    if (place + half >= free || (axis.ticks && place - half < taken)) continue;
    canvas.fillText(text, place, down);
    taken = place + half + GAP;
  }
  canvas.stroke();
}

/**
 * The number below the box's left corner, if there is one.
 * @param {View} view
 * @param {Axis} axis
 */
function cornerOf(view, axis) {
  const first = axisTicks(axis, columns(view.width))[0];
  return first !== undefined && placeX(view, first) - view.left < 1 ? tickText(axis, first) : "";
}

/**
 * @param {View} view
 * @param {Axis} axis
 * @param {string} corner the other axis's label where the two meet: it is not repeated
 */
function drawYAxis(view, axis, corner) {
  const { canvas, left, top, height, palette } = view;
  const size = 10.5 * palette.scale;
  const long = isLong(axis);
  canvas.textAlign = long ? "left" : "right";
  canvas.textBaseline = "top";
  canvas.fillText(axisTitle(axis), long ? left : left - TICK - 3, long ? 0 : top);
  canvas.textAlign = "right";
  canvas.textBaseline = "middle";
  canvas.beginPath();
  for (const value of axisTicks(axis, rows(height))) {
    const place = Math.round(placeY(view, value)) + 0.5;
    canvas.moveTo(left, place);
    canvas.lineTo(left - TICK, place);
    const text = tickText(axis, value);
    const repeated = text === corner && top + height - place < 1;
    if (!repeated && (long || place - top > 1.6 * size)) canvas.fillText(text, left - TICK - 3, place);
  }
  canvas.stroke();
}
