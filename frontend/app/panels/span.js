/** Computes the axis range that curves need: the start of a run may be far from all later values. */

/** The share of rows, from the first on, that may be cut off: the newest are always shown. */
const BEGINNING = 0.05;
/** With fewer rows than this, nothing is cut off. */
const LEAST = 20;
/** A start that makes the axis this many times longer than the rest needs is cut off. */
const STRETCH = 4;
/** The part kept beyond the range of the rest, so that the curve's direction can be seen. */
const BEYOND = 0.5;

/**
 * The ends of a linear axis. Parts of a curve beyond them are cut off; the cursor reads their values.
 * @param {ArrayLike<number | null | undefined>[]} curves the drawn values, one a row; null and NaN are gaps
 * @param {number} low of all values
 * @param {number} high of all values
 * @returns {[number, number]}
 */
export function span(curves, low, high) {
  const rows = curves[0]?.length ?? 0;
  if (rows < LEAST) return [low, high];
  const first = Math.ceil(rows * BEGINNING);
  const later = curves
    .flatMap((curve) => Array.from(curve, (value) => value ?? NaN).slice(first))
    .filter(Number.isFinite);
  const least = Math.min(...later);
  const most = Math.max(...later);
  const rest = most - least;
  if (!(rest > 0)) return [low, high];
  return [
    least - low > (STRETCH - 1) * rest ? least - BEYOND * rest : low,
    high - most > (STRETCH - 1) * rest ? most + BEYOND * rest : high,
  ];
}
