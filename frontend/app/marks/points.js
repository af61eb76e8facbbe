/** Draws data points: filled for training, hollow for testing; one shape for each class. */

import { CLASSES } from "./colors.js";
import { traceMarker } from "./marker-shapes.js";
import { drawCached, placeX, placeY } from "./view.js";

/** `size` is relative to the usual one. @typedef {import("../types/pictures.js").PointsMark & {size?: number}} PointsMark */
/** @typedef {import("./view.js").View} View */

/** More points than these are drawn smaller. */
const SMALLER_FROM = 400;
const NONE = new Float32Array(0);
/** The opacity of ellipses. */
const ELLIPSE_OPACITY = 0.16;

/**
 * @param {PointsMark} mark
 * @param {View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawPoints(mark, view, cache) {
  // The data do not change during training, but are part of every picture.
  if (!cache.points || !samePoints(cache.points, mark)) cache.points = mark;
  drawCached(view, cache, cache.points, (layer) => paint(mark, layer));
}

/**
 * @param {PointsMark} mark
 * @param {View} view
 */
function paint(mark, view) {
  const { canvas, palette, width } = view;
  const { x, y, values, hollow, size: relative = 1 } = mark;
  const room = Math.min(1.5, Math.max(0.8, width / 330));
  const size = room * (x.data.length > SMALLER_FROM ? 2.2 : 3) * (hollow ? 0.9 : 1) * relative;
  if (mark.ellipses) paintEllipses(mark, view);
  canvas.lineWidth = hollow ? 1.5 : 1;
  for (let i = 0; i < x.data.length; i++) {
    const value = values.data[i] ?? NaN;
    const across = placeX(view, x.data[i] ?? NaN);
    const down = placeY(view, y.data[i] ?? NaN);
    const classes = mark.colors === "classes";
    const color = colorOf(mark, view, value);
    canvas.beginPath();
    traceMarker(canvas, classes ? value : 0, across, down, size);
    canvas.fillStyle = hollow ? palette.css("surface") : color;
    canvas.fill();
    canvas.strokeStyle = hollow ? color : palette.css("surface");
    canvas.stroke();
  }
}

/**
 * @param {PointsMark} mark
 * @param {View} view
 */
function paintEllipses(mark, view) {
  const { canvas, width, height, xAxis, yAxis } = view;
  const acrossUnit = width / (xAxis.high - xAxis.low);
  const upUnit = height / (yAxis.high - yAxis.low);
  const { x, y, values } = mark;
  const data = mark.ellipses?.data ?? [];
  canvas.save();
  canvas.globalAlpha = ELLIPSE_OPACITY;
  for (let i = 0; i < x.data.length; i++) {
    const a = data[3 * i] ?? NaN;
    const b = data[3 * i + 1] ?? NaN;
    if (!(a > 0 && b > 0)) continue;
    canvas.fillStyle = colorOf(mark, view, values.data[i] ?? NaN);
    canvas.save();
    // The axes may have different scales: the ellipse is drawn in their units.
    canvas.translate(placeX(view, x.data[i] ?? NaN), placeY(view, y.data[i] ?? NaN));
    canvas.scale(acrossUnit, -upUnit);
    canvas.beginPath();
    canvas.ellipse(0, 0, a, b, data[3 * i + 2] ?? 0, 0, 2 * Math.PI);
    canvas.restore();
    canvas.fill();
  }
  canvas.restore();
}

/**
 * @param {PointsMark} mark
 * @param {View} view
 * @param {number} value
 */
function colorOf(mark, view, value) {
  return mark.colors === "classes"
    ? view.palette.css(`class-${value % CLASSES}`)
    : scaleColor(mark, view, value);
}

/**
 * @param {PointsMark} mark
 * @param {View} view
 * @param {number} value
 * @returns {string} its colour on the scale; without a scale, the colour of data
 */
function scaleColor({ lo, hi, colors }, { palette }, value) {
  if (hi <= lo) return palette.css("second");
  const place = Math.round((255 * (value - lo)) / (hi - lo));
  const color = palette.table(colors)[Math.min(Math.max(place, 0), 255)] ?? 0;
  return `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
}

/**
 * @param {PointsMark} a
 * @param {PointsMark} b
 */
export function samePoints(a, b) {
  return (
    a.hollow === b.hollow &&
    a.size === b.size &&
    a.colors === b.colors &&
    a.lo === b.lo &&
    a.hi === b.hi &&
    equal(a.x.data, b.x.data) &&
    equal(a.y.data, b.y.data) &&
    equal(a.values.data, b.values.data) &&
    equal(a.ellipses?.data ?? NONE, b.ellipses?.data ?? NONE)
  );
}

/**
 * @param {import("../types/pictures.js").Numbers} a
 * @param {import("../types/pictures.js").Numbers} b
 */
function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
