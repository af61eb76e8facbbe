/** The part of an axis that curves need: where a run begins may be far from all that follows. */

/** The share of the rows, from the first on, that may be far away: what is newest is always shown. */
const BEGINNING = 0.05;
/** Fewer rows have no beginning. */
const LEAST = 20;
/** A beginning that makes an axis so many times as long as the rest needs is left out of it. */
const STRETCH = 4;
/** How much of it beyond the rest is kept, so that one sees where the curve comes from. */
const BEYOND = 0.5;

/**
 * The ends of a linear axis. A curve beyond them is cut off, and read with the cursor.
 * @param {ArrayLike<number | null | undefined>[]} curves what is drawn, a value a row; null and NaN are gaps
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
