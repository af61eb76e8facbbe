/** Draws one chart of curves over steps: uPlot in the page's colours, with a label at each line's end. */

import uPlot from "uplot";

import { palette } from "../marks/colors.js";
import { clippedValues, clipToAxis, markClipped } from "../marks/clipped.js";
import { logSplits, short, ticks } from "../marks/scales.js";
import { spreadLabels, stackLabels } from "./label-layout.js";

/** @typedef {import("./measures.js").Measure} Measure */

/**
 * The content of a chart, from the series: values passed to uPlot are moved to where they can be drawn.
 * @typedef {object} ChartContent
 * @property {import("../marks/clipped.js").AxisRange} axis
 * @property {Float64Array[]} rows steps, and the values of each curve
 * @property {number[]} now each curve's value at the viewed step, else the last one
 */

/**
 * @typedef {object} ChartHooks
 * @property {() => ChartContent} shown
 * @property {(index: number | null) => void} cursor the row under the cursor
 * @property {(low: number, high: number) => void} zoomed the steps chosen by dragging
 * @property {() => number | null} viewedStep
 */

/**
 * @param {HTMLElement} host
 * @param {Measure} measure
 * @param {boolean} log
 * @param {{width: number, height: number}} size
 * @param {ChartHooks} hooks
 * @returns {uPlot}
 */
export function chart(host, measure, log, size, hooks) {
  const colors = palette();
  // An integer: for high-resolution screens uPlot scales a font size by its digits before "px".
  const type = Math.round(11 * colors.scale);
  const font = `${type}px ${colors.font}`;
  const ratio = uPlot.pxRatio;

  /** @param {uPlot} u */
  const labels = (u) => {
    const { ctx } = u;
    const { axis, rows, now } = hooks.shown();
    /** @param {number} value */
    const yOf = (value) => u.valToPos(clipToAxis(axis, value), "y", true);
    const at = measure.curves.map((_, i) => {
      const value = now[i] ?? NaN;
      return yOf(Number.isFinite(value) ? value : lastFinite(rows[i + 1] ?? []));
    });
    const places = spreadLabels(
      at.map((y) => (Number.isNaN(y) ? Number.NEGATIVE_INFINITY : y)),
      type * 1.3 * ratio,
      u.bbox.top + (type / 2) * ratio,
      u.bbox.top + u.bbox.height - (type / 2) * ratio,
    );
    ctx.save();
    ctx.font = `${type * ratio}px ${colors.font}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    const ends = measure.curves.flatMap(({ role }, i) =>
      markOutOfRange(u, axis, rows[0] ?? [], rows[i + 1] ?? [], colors.css(role), measure.formatTick),
    );
    writeOutOfRange(u, ends, type * 1.2 * ratio);
    measure.curves.forEach(({ label, role }, i) => {
      if (Number.isNaN(at[i])) return;
      ctx.fillStyle = colors.css(role);
      const right = u.bbox.left + u.bbox.width + 6 * ratio;
      ctx.fillText(`${label} ${measure.format(now[i] ?? NaN)}`, right, places[i] ?? 0);
    });
    const dots = measure.curves.map(({ role }, i) => ({
      y: yOf(now[i] ?? NaN),
      color: colors.css(role),
    }));
    drawViewedStep(u, hooks.viewedStep(), colors.css("accent"), dots);
    ctx.restore();
  };

  return new uPlot(
    {
      ...size,
      padding: [8 * colors.scale, 92 * colors.scale, 0, 0],
      legend: { show: false },
      cursor: {
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        y: false,
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 0, (low ?? 0) + 1)] },
        y: {
          distr: log ? 3 : 1,
          range: () => {
            const { low, high } = hooks.shown().axis;
            return [low, high];
          },
        },
      },
      axes: [
        {
          stroke: colors.css("third"),
          font,
          size: 24 * colors.scale,
          gap: 4,
          grid: { show: false },
          ticks: { stroke: colors.css("line"), width: 1, size: 4 },
          splits: (u, _, low, high) => {
            const room = u.width / (90 * colors.scale);
            return ticks(low, high, Math.max(2, Math.min(4, room)));
          },
          values: (_, places) => places.map(short),
        },
        {
          stroke: colors.css("third"),
          font,
          size: 46 * colors.scale,
          gap: 6,
          grid: { stroke: colors.css("line"), width: 1 },
          ticks: { show: false },
          splits: (u, _, low, high) => {
            const most = Math.max(2, Math.floor(u.height / (30 * colors.scale)));
            return log ? logSplits(low, high, most) : ticks(low, high, Math.min(4, most));
          },
          filter: (_, places) => places,
          values: (_, places) => places.map(measure.formatTick),
        },
      ],
      series: [
        {},
        ...measure.curves.map(({ label, role }) => ({
          label,
          stroke: colors.css(role),
          width: 1.5,
          points: { show: false },
          spanGaps: false,
        })),
      ],
      hooks: {
        draw: [labels],
        setCursor: [(u) => hooks.cursor(u.cursor.idx ?? null)],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 4) return;
            hooks.zoomed(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    [[], ...measure.curves.map(() => [])],
    host,
  );
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
 * @param {uPlot} u
 * @param {ChartContent["axis"]} axis
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} values
 * @param {string} color
 * @param {(value: number) => string} write
 * @returns {OutOfRangeLabel[]} the farthest on each side
 */
function markOutOfRange(u, axis, steps, values, color, write) {
  const { ctx, bbox } = u;
  const ratio = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  /** @param {{index: number}} cut */
  const across = ({ index }) => u.valToPos(steps[index] ?? NaN, "x", true);
  const cuts = clippedValues(values, axis).filter((one) => across(one) >= bbox.left && across(one) <= right);
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  ctx.fillStyle = color;
  markClipped(ctx, cuts, across, { top, bottom }, ratio);
  return /** @type {const} */ (["low", "high"]).flatMap((side) => {
    const own = cuts.filter((one) => one.side === side);
    const far = own.reduce((a, b) => (Math.abs(b.value) > Math.abs(a?.value ?? 0) ? b : a), own[0]);
    if (!far) return [];
    const text = write(far.value);
    const width = ctx.measureText(text).width;
    const room = width + 8 * ratio;
    const x = across(far) + 8 * ratio;
    const left = x + room < right ? x : x - 8 * ratio - room;
    return [{ text, left, right: left + width, side, color }];
  });
}

/**
 * Writes how far curves go beyond the edges, each in its color, without overlap.
 * @param {uPlot} u
 * @param {OutOfRangeLabel[]} ends
 * @param {number} line its height
 */
function writeOutOfRange({ ctx, bbox }, ends, line) {
  const edge = 6 * uPlot.pxRatio;
  const rows = stackLabels(ends);
  ends.forEach(({ text, left, side, color }, i) => {
    const inwards = edge + (rows[i] ?? 0) * line;
    ctx.fillStyle = color;
    ctx.fillText(text, left, side === "low" ? bbox.top + bbox.height - inwards : bbox.top + inwards);
  });
}

/**
 * Draws a line at the viewed step, with a dot on each curve.
 * @param {uPlot} u
 * @param {number | null} step
 * @param {string} color
 * @param {{y: number, color: string}[]} dots
 */
function drawViewedStep(u, step, color, dots) {
  if (step === null) return;
  const x = Math.round(u.valToPos(step, "x", true));
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  u.ctx.fillStyle = color;
  u.ctx.fillRect(x, u.bbox.top, uPlot.pxRatio, u.bbox.height);
  for (const dot of dots) {
    if (!Number.isFinite(dot.y)) continue;
    u.ctx.fillStyle = dot.color;
    u.ctx.beginPath();
    u.ctx.arc(x, dot.y, 3 * uPlot.pxRatio, 0, 2 * Math.PI);
    u.ctx.fill();
  }
}
