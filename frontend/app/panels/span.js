/** The part of an axis that curves need: where a run begins may be far from all that follows. */

/** Fewer values have no outliers. */
const LEAST = 20;
/** The share of values, at either end, that may be outliers. */
const STRAY = 0.05;
/** Outliers that make an axis so many times as long as the rest needs are left out of it. */
const STRETCH = 4;
/** How much of it beyond the rest is kept, so that one sees where the curve comes from. */
const BEYOND = 0.5;

/**
 * The ends of a linear axis. A curve beyond them is cut off, and read with the cursor.
 * @param {Iterable<ArrayLike<number | null | undefined>>} curves what is drawn; null and NaN are gaps
 * @param {number} low of all values
 * @param {number} high of all values
 * @returns {[number, number]}
 */
export function span(curves, low, high) {
  const values = Float64Array.from([...curves].flatMap((curve) => Array.from(curve, (value) => value ?? NaN)))
    .filter(Number.isFinite)
    .sort();
  if (values.length < LEAST) return [low, high];
  const stray = Math.ceil(values.length * STRAY);
  const least = values[stray] ?? low;
  const most = values[values.length - 1 - stray] ?? high;
  const rest = most - least;
  if (!(rest > 0)) return [low, high];
  return [
    least - low > (STRETCH - 1) * rest ? least - BEYOND * rest : low,
    high - most > (STRETCH - 1) * rest ? most + BEYOND * rest : high,
  ];
}
