/** Makes one chart of curves over steps: uPlot in the page's colours, with an overlay of labels. */

import uPlot from "uplot";

import { palette } from "../marks/colors.js";
import { logSplits, short, ticks } from "../marks/scales.js";
import { drawChartOverlay, labelRows, labelWidth } from "./chart-overlay.js";

/** @typedef {import("./measures.js").Measure} Measure */

/**
 * @typedef {object} ChartHooks
 * @property {() => import("./chart-overlay.js").ChartContent} shown
 * @property {(index: number | null, x: number | null) => void} cursor the row under the cursor, and its place
 *   in CSS pixels from the left of the plot
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
  /** The height of what is not plot: the padding above it, and the axis below. */
  const below = 32 * colors.scale;

  return new uPlot(
    {
      ...size,
      padding: [8 * colors.scale, (u) => labelWidth(labelRows(measure.curves.length, (u.height - below) / type), type), 0, 0],
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
          size: 44 * colors.scale,
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
          width: 2 * colors.scale,
          points: { show: false },
          spanGaps: false,
        })),
      ],
      hooks: {
        draw: [
          (u) => drawChartOverlay(u, hooks.shown(), measure, hooks.viewedStep(), { colors, type, ratio: uPlot.pxRatio }),
        ],
        setCursor: [(u) => {
            const { idx, left = -1 } = u.cursor;
            hooks.cursor(idx ?? null, left < 0 ? null : left);
          }],
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
