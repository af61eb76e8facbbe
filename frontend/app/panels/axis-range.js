/** Computes the vertical axis that the curves of a measure need. Pure. */

/** @typedef {import("./measures.js").Measure} Measure */
/** @typedef {import("../marks/clipped.js").AxisRange} AxisRange */

const SMALLEST = 1e-12;
/** The share of rows, from the first on, that may be cut off: the newest are always shown. */
const BEGINNING_SHARE = 0.05;
/** With fewer rows than this, nothing is cut off. */
const MIN_ROWS = 20;
/** A start that makes the axis this many times longer than the rest needs is cut off. */
const MIN_STRETCH = 4;
/** The part kept beyond the range of the rest, so that the curve's direction can be seen. */
const MARGIN_SHARE = 0.5;

/**
 * @param {Pick<Measure, "ends">} measure
 * @param {boolean} log
 * @param {ArrayLike<number>[]} curves the drawn values; NaN is a gap, and a log scale has no zero
 * @returns {AxisRange}
 */
export function axisRange(measure, log, curves) {
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
  const [low, high] = linearOrLogRange(measure, log, curves, least, most);
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
function linearOrLogRange(measure, log, curves, low, high) {
  if (low > high) return measure.ends ?? (log ? [0.1, 1] : [0, 1]);
  if (log) {
    // At least a factor of four, or noise would look like progress.
    const middle = Math.sqrt(Math.max(low, SMALLEST) * Math.max(high, SMALLEST));
    const half = Math.max(Math.sqrt(high / Math.max(low, SMALLEST)), 2) * 1.12;
    return [middle / half, middle * half];
  }
  if (measure.ends) return [Math.min(low, measure.ends[0]), Math.max(high, measure.ends[1]) * 1.02];
  const [from, to] = clipBeginning(curves, low, high);
  const room = 0.06 * (to - from || Math.abs(to) || 1);
  return [from - room, to + room];
}

/**
 * The ends of a linear axis. Parts of a curve beyond them are cut off; the cursor reads their values.
 * @param {ArrayLike<number | null | undefined>[]} curves the drawn values, one a row; null and NaN are gaps
 * @param {number} low of all values
 * @param {number} high of all values
 * @returns {[number, number]}
 */
export function clipBeginning(curves, low, high) {
  const rows = curves[0]?.length ?? 0;
  if (rows < MIN_ROWS) return [low, high];
  const first = Math.ceil(rows * BEGINNING_SHARE);
  const later = curves
    .flatMap((curve) => Array.from(curve, (value) => value ?? NaN).slice(first))
    .filter(Number.isFinite);
  const least = Math.min(...later);
  const most = Math.max(...later);
  const rest = most - least;
  if (!(rest > 0)) return [low, high];
  return [
    least - low > (MIN_STRETCH - 1) * rest ? least - MARGIN_SHARE * rest : low,
    high - most > (MIN_STRETCH - 1) * rest ? most + MARGIN_SHARE * rest : high,
  ];
}
