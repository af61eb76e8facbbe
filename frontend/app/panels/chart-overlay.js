/** Draws over a chart: changes of the run, a label at each line's end, values out of range, the viewed step. */

import { clippedValues, clipToAxis, markClipped } from "../marks/clipped.js";
import { MERGED_WITHIN, marksOf } from "./change-marks.js";
import { drawMarks } from "./draw-marks.js";
import { spreadLabels, stackLabels } from "./label-layout.js";

/** @typedef {import("./measures.js").Measure} Measure */
/** The part of uPlot that is used here: positions are in device pixels. @typedef {Pick<import("uplot"), "ctx" | "bbox" | "valToPos">} Chart */

/**
 * The content of a chart, from the series. The values passed to uPlot are clipped to the axis.
 * @typedef {object} ChartContent
 * @property {import("../marks/clipped.js").AxisRange} axis
 * @property {Float64Array[]} rows steps, and the values of each curve
 * @property {readonly import("./change-marks.js").Change[]} changes of the run, by step
 * @property {number[]} now each curve's value at the viewed step, else the last one
 */

/**
 * @typedef {object} Style
 * @property {import("../marks/colors.js").Palette} colors
 * @property {number} type the size of letters, in CSS pixels
 * @property {number} ratio device pixels a CSS pixel
 */

/** The height of a line, over the size of its letters. */
const LINE = 1.3;
/** The width right of the plot that labels need, over the size of their letters: in one row, in two. */
const LABEL_WIDTHS = { 1: 8.4, 2: 5.6 };

/**
 * The rows of a label at a line's end: name and value below one another leave more width to the plot, if
 * there is the height for all of them.
 * @param {number} curves
 * @param {number} height of the plot, over the size of the letters
 * @returns {1 | 2}
 */
export const labelRows = (curves, height) => (curves * 2 * LINE <= height ? 2 : 1);

/**
 * The width that the labels of lines need.
 * @param {1 | 2} rows
 * @param {number} type the size of their letters
 */
export const labelWidth = (rows, type) => LABEL_WIDTHS[rows] * type;

/**
 * @param {Chart} chart
 * @param {ChartContent} content
 * @param {Measure} measure
 * @param {number | null} viewedStep null at the present
 * @param {Style} style
 */
export function drawChartOverlay(chart, content, measure, viewedStep, style) {
  const { ctx } = chart;
  const { colors, type, ratio } = style;
  const { axis, rows, now, changes } = content;
  ctx.save();
  ctx.font = `${type * ratio}px ${colors.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const labels = measure.curves.flatMap(({ role }, i) =>
    markOutOfRange(chart, axis, rows[0] ?? [], rows[i + 1] ?? [], colors.css(role), measure.formatTick, ratio),
  );
  const { left, top, width, height } = chart.bbox;
  const marks = marksOf(changes, (step) => chart.valToPos(step, "x", true), MERGED_WITHIN * ratio);
  drawMarks(ctx, marks, { left, right: left + width, top, bottom: top + height }, {
    color: colors.css("third"),
    halo: colors.css("surface"),
    type,
    ratio,
    taken: labels.filter(({ side }) => side === "high"),
  });
  writeOutOfRange(chart, labels, style);
  drawEndLabels(chart, content, measure, style);
  const dots = measure.curves.map(({ role }, i) => ({
    y: chart.valToPos(clipToAxis(axis, now[i] ?? NaN), "y", true),
    color: colors.css(role),
  }));
  drawViewedStep(chart, viewedStep, colors.css("accent"), dots, ratio);
  ctx.restore();
}

/**
 * Writes the name and value of each curve right of the plot, at the height of its end, without overlap.
 * @param {Chart} chart
 * @param {ChartContent} content
 * @param {Measure} measure
 * @param {Style} style
 */
function drawEndLabels({ ctx, bbox, valToPos }, { axis, rows, now }, { curves, format }, { colors, type, ratio }) {
  const labels = curves.flatMap(({ label, role }, i) => {
    const value = now[i] ?? NaN;
    const end = Number.isFinite(value) ? value : lastFinite(rows[i + 1] ?? []);
    const y = valToPos(clipToAxis(axis, end), "y", true);
    return Number.isNaN(y) ? [] : [{ label, value: format(value), color: colors.css(role), y }];
  });
  const line = type * LINE * ratio;
  const lines = labelRows(curves.length, bbox.height / (type * ratio));
  const half = (lines * line) / 2;
  const places = spreadLabels(
    labels.map(({ y }) => y),
    lines * line,
    bbox.top + half,
    bbox.top + bbox.height - half,
  );
  const left = bbox.left + bbox.width + 6 * ratio;
  const [plain, strong] = ["", "600 "].map((weight) => `${weight}${type * ratio}px ${colors.font}`);
  labels.forEach(({ label, value, color }, i) => {
    const at = places[i] ?? 0;
    ctx.fillStyle = color;
    if (lines === 1) return void ctx.fillText(`${label} ${value}`, left, at);
    ctx.fillText(label, left, at - line / 2);
    ctx.font = strong ?? "";
    ctx.fillText(value, left, at + line / 2);
    ctx.font = plain ?? "";
  });
}

/** The last number of a curve; NaN if it has none. @param {ArrayLike<number>} values */
function lastFinite(values) {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value)) return value;
  }
  return NaN;
}

/**
 * How far a curve goes beyond an edge.
 * @typedef {{text: string, left: number, right: number, side: "low" | "high", color: string}} OutOfRangeLabel
 */

/**
 * Marks the parts of a curve that the axis cuts off.
 * @param {Chart} chart
 * @param {ChartContent["axis"]} axis
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} values
 * @param {string} color
 * @param {(value: number) => string} format
 * @param {number} ratio
 * @returns {OutOfRangeLabel[]} the farthest on each side
 */
function markOutOfRange({ ctx, bbox, valToPos }, axis, steps, values, color, format, ratio) {
  const right = bbox.left + bbox.width;
  /** @param {{index: number}} cut */
  const across = ({ index }) => valToPos(steps[index] ?? NaN, "x", true);
  const cuts = clippedValues(values, axis).filter((one) => across(one) >= bbox.left && across(one) <= right);
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  ctx.fillStyle = color;
  markClipped(ctx, cuts, across, { top, bottom }, ratio);
  return /** @type {const} */ (["low", "high"]).flatMap((side) => {
    const own = cuts.filter((one) => one.side === side);
    const far = own.reduce((a, b) => (Math.abs(b.value) > Math.abs(a?.value ?? 0) ? b : a), own[0]);
    if (!far) return [];
    const text = format(far.value);
    const width = ctx.measureText(text).width;
    const room = width + 8 * ratio;
    const x = across(far) + 8 * ratio;
    const left = x + room < right ? x : x - 8 * ratio - room;
    return [{ text, left, right: left + width, side, color }];
  });
}

/**
 * Writes how far curves go beyond the edges, each in its colour, without overlap.
 * @param {Chart} chart
 * @param {OutOfRangeLabel[]} labels
 * @param {Style} style
 */
function writeOutOfRange({ ctx, bbox }, labels, { type, ratio }) {
  const edge = 6 * ratio;
  const rows = stackLabels(labels);
  labels.forEach(({ text, left, side, color }, i) => {
    const inwards = edge + (rows[i] ?? 0) * 1.2 * type * ratio;
    ctx.fillStyle = color;
    ctx.fillText(text, left, side === "low" ? bbox.top + bbox.height - inwards : bbox.top + inwards);
  });
}

/**
 * Draws a line at the viewed step, with a dot on each curve.
 * @param {Chart} chart
 * @param {number | null} step
 * @param {string} color
 * @param {{y: number, color: string}[]} dots
 * @param {number} ratio
 */
function drawViewedStep({ ctx, bbox, valToPos }, step, color, dots, ratio) {
  if (step === null) return;
  const x = Math.round(valToPos(step, "x", true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.fillStyle = color;
  ctx.fillRect(x, bbox.top, ratio, bbox.height);
  for (const dot of dots) {
    if (!Number.isFinite(dot.y)) continue;
    ctx.fillStyle = dot.color;
    ctx.beginPath();
    ctx.arc(x, dot.y, 3 * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
}
