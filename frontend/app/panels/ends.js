/** Computes the vertical axis that the curves of a measure need. Pure. */

import { span } from "./span.js";

/** @typedef {import("./measures.js").Measure} Measure */
/** @typedef {import("../marks/clipped.js").AxisRange} AxisRange */

const SMALLEST = 1e-12;

/**
 * @param {Pick<Measure, "ends">} measure
 * @param {boolean} log
 * @param {ArrayLike<number>[]} curves the drawn values; NaN is a gap, and a log scale has no zero
 * @returns {AxisRange}
 */
export function endsOf(measure, log, curves) {
  let least = Infinity;
  let most = -Infinity;
  for (const curve of curves) {
    for (let i = 0; i < curve.length; i++) {
      const value = curve[i] ?? NaN;
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  const [low, high] = ends(measure, log, curves, least, most);
  return { low, high, scale: log ? "log" : "linear" };
}

/**
 * @param {Pick<Measure, "ends">} measure
 * @param {boolean} log
 * @param {ArrayLike<number>[]} curves
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function ends(measure, log, curves, low, high) {
  if (low > high) return measure.ends ?? (log ? [0.1, 1] : [0, 1]);
  if (log) {
    // At least a factor of four, or noise would look like progress.
    const middle = Math.sqrt(Math.max(low, SMALLEST) * Math.max(high, SMALLEST));
    const half = Math.max(Math.sqrt(high / Math.max(low, SMALLEST)), 2) * 1.12;
    return [middle / half, middle * half];
  }
  if (measure.ends) return [Math.min(low, measure.ends[0]), Math.max(high, measure.ends[1]) * 1.02];
  const [from, to] = span(curves, low, high);
  const room = 0.06 * (to - from || Math.abs(to) || 1);
  return [from - room, to + room];
}
