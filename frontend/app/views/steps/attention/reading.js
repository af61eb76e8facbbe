/** Reads the picture of one head at one query from a stage: its numbers as far as they are computed. Pure. */

/** @typedef {import("../../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../../types/pictures.js").Plot} Plot */
/** @typedef {import("../../../types/pictures.js").Operand} Operand */
/** @typedef {import("../../../types/pictures.js").Term} Term */

/**
 * The fact `attention`: the sums of the chosen key, and of the chosen number of the output; null is not finite.
 * @typedef {object} Sums
 * @property {"match" | "shares" | "values"} step
 * @property {number} d
 * @property {number | null} sum of the products of query and key
 * @property {number | null} score
 * @property {boolean} hidden whether the mask hides the key
 * @property {number | null} [exp]
 * @property {number | null} [total] of the row
 * @property {number | null} [share]
 * @property {number | null} [weight] the share after dropout
 * @property {number} [number] of the output, from 0
 * @property {boolean} [left_out]
 */

/**
 * @typedef {object} Head
 * @property {Sums} sums
 * @property {number} query its place, from 0
 * @property {number} key
 * @property {string[]} reads what is read at each place
 * @property {Operand} scores a row for each place; NaN is hidden
 * @property {Operand} q a row for each number, as the others
 * @property {Operand} k
 * @property {Operand} products
 * @property {Operand | null} shares null is not computed yet
 * @property {Operand | null} weights the shares after dropout; null without dropout
 * @property {Operand | null} values (places, numbers)
 * @property {Operand | null} output
 * @property {readonly Term[]} terms of the chosen number of the output
 */

/** What the picture shows instead: the head, and the shares as bars. */
const COVERED = ["head", "bars"];

/** @param {Picture} picture @returns {Head | null} null for a stage without one */
export function headOf({ facts, plots }) {
  const sums = /** @type {Sums | undefined} */ (/** @type {unknown} */ (facts["attention"]));
  const mark = plots.find(({ id }) => id === "head")?.marks[0];
  if (!sums || mark?.kind !== "equation") return null;
  const [scores, q, k, products, shares, weights, values, output] = mark.items.flatMap((one) => (one.item === "operand" ? [one] : []));
  if (!scores || !q || !k || !products) return null;
  const sum = plots.find(({ id }) => id === "values")?.marks[0];
  return {
    sums,
    query: Number(facts["place"]),
    key: Number(facts["key"]),
    reads: /** @type {unknown[]} */ (facts["input"] ?? []).map((one) => (typeof one === "number" ? String(Number(one.toPrecision(2))).replace("-", "−") : String(one).replace(/^ $/, "␣"))),
    scores,
    q,
    k,
    products,
    shares: shares ?? null,
    weights: weights && weights.symbol !== shares?.symbol ? weights : null,
    values: values ?? null,
    output: output ?? null,
    terms: (sum?.kind === "equation" && sum.worked?.terms) || [],
  };
}

/** The plots that stand beside the picture. @param {readonly Plot[]} plots */
export const besides = (plots) => plots.filter(({ id }) => !COVERED.includes(id));

/** An entry of a whole matrix; NaN if it was not received. @param {Operand} operand @param {number} row @param {number} [column] */
export function entryOf({ values, row: top, column: left }, row, column = 0) {
  const [rows = 0, columns = 0] = values.shape;
  const [i, j] = [row - top, column - left];
  return i >= 0 && j >= 0 && i < rows && j < columns ? (values.data[i * columns + j] ?? NaN) : NaN;
}

/**
 * How many decimals numbers of one row have, all alike, so that they stand under one another.
 * @param {number} peak the largest size among them
 */
export function decimalsOf(peak) {
  if (peak >= 99.95) return 0;
  if (peak >= 9.995) return 1;
  return peak >= 0.0995 ? 2 : peak >= 0.00995 ? 3 : null;
}

/**
 * A number of such a row; where all are very small, or some very large, each has two digits and a power of ten.
 * @param {number | null | undefined} value
 * @param {number} peak
 */
export function fixed(value, peak) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const decimals = decimalsOf(peak);
  if (decimals === null || peak >= 1e6) return value === 0 ? "0" : value.toExponential(1).replace("e+", "e").replace(/^-/, "−");
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A share of 1. @param {number | null | undefined} value */
export const shareText = (value) => (value === null || value === undefined || !Number.isFinite(value) ? "–" : value.toFixed(3));
