/** One chart of curves over steps: uPlot in the page's colours, with a label at each line's end. */

import uPlot from "uplot";

import { palette } from "../marks/colors.js";
import { logSplits, short, ticks } from "../marks/scales.js";
import { span } from "./span.js";
import { spread } from "./spread.js";

/** @typedef {import("./measures.js").Measure} Measure */

/**
 * @typedef {object} ChartHooks
 * @property {(index: number | null) => void} cursor the row under the cursor
 * @property {(low: number, high: number) => void} zoomed steps that were chosen by dragging
 * @property {() => number | null} viewedStep
 */

const SMALLEST = 1e-12;

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
  // A whole number: uPlot scales a font's size for fine screens by its digits before "px".
  const type = Math.round(11 * colors.scale);
  const font = `${type}px ${colors.font}`;
  const ratio = uPlot.pxRatio;

  /** @param {uPlot} u */
  const labels = (u) => {
    const { ctx } = u;
    const at = measure.curves.map((_, i) => lastPoint(u, i + 1));
    const places = spread(
      at.map((point) => point?.y ?? Number.NEGATIVE_INFINITY),
      type * 1.3 * ratio,
      u.bbox.top + (type / 2) * ratio,
      u.bbox.top + u.bbox.height - (type / 2) * ratio,
    );
    ctx.save();
    ctx.font = `${type * ratio}px ${colors.font}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    measure.curves.forEach(({ label, role }, i) => {
      const point = at[i];
      if (!point) return;
      ctx.fillStyle = colors.css(role);
      const right = u.bbox.left + u.bbox.width + 6 * ratio;
      ctx.fillText(`${label} ${measure.write(point.value)}`, right, places[i] ?? 0);
    });
    viewed(u, hooks.viewedStep(), colors.css("accent"));
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
          range: (u, low, high) => ends(measure, log, u.data.slice(1), low, high),
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
          values: (_, places) => places.map(measure.mark),
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

/**
 * Where a line ends; null if it has no value.
 * @param {uPlot} u
 * @param {number} series
 */
function lastPoint(u, series) {
  const values = /** @type {ArrayLike<number>} */ (u.data[series] ?? []);
  for (let i = values.length - 1; i >= 0; i--) {
    const value = Number(values[i]);
    if (Number.isFinite(value)) return { value, y: u.valToPos(value, "y", true) };
  }
  return null;
}

/**
 * A line at the step that is looked at.
 * @param {uPlot} u
 * @param {number | null} step
 * @param {string} color
 */
function viewed(u, step, color) {
  if (step === null) return;
  const x = Math.round(u.valToPos(step, "x", true));
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  u.ctx.fillStyle = color;
  u.ctx.fillRect(x, u.bbox.top, uPlot.pxRatio, u.bbox.height);
}

/**
 * @param {Measure} measure
 * @param {boolean} log
 * @param {ArrayLike<number | null | undefined>[]} curves
 * @param {number | null} low
 * @param {number | null} high
 * @returns {[number, number]}
 */
function ends(measure, log, curves, low, high) {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) {
    return measure.ends ?? (log ? [0.1, 1] : [0, 1]);
  }
  if (log) {
    // At least a factor of four, or noise would look like news.
    const middle = Math.sqrt(Math.max(low, SMALLEST) * Math.max(high, SMALLEST));
    const half = Math.max(Math.sqrt(high / Math.max(low, SMALLEST)), 2) * 1.12;
    return [middle / half, middle * half];
  }
  if (measure.ends) return [Math.min(low, measure.ends[0]), Math.max(high, measure.ends[1]) * 1.02];
  const [from, to] = span(curves, low, high);
  const room = 0.06 * (to - from || Math.abs(to) || 1);
  return [from - room, to + room];
}
