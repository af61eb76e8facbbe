/** What stands in the lines of the picture of a head, and in the sums beside them. Pure. */

import { fewTerms } from "../../../panels/equation/crop.js";
import { plainNumbers } from "../../../panels/equation/numerals.js";
import { format } from "../../../marks/scales.js";
import { entryOf, fixed, shareText } from "./reading.js";

/** @typedef {import("./reading.js").Head} Head */
/** @typedef {import("../../../types/pictures.js").Operand} Operand */
/** @typedef {import("./step.js").Line} Line */
/** @typedef {import("./step.js").Part} Part */
/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {{text: string, value?: string, kind?: string}} Sum */

/** Terms of the output that are written out; the others are one. */
const TERMS = 3;

/** The characters of the longest number of a head. @param {Head} head */
export function longest({ q, k, products, scores, values, output }) {
  let most = 5;
  for (const one of [q, k, products, scores, values, output]) {
    for (const value of one?.values.data ?? []) most = Math.max(most, fixed(value, one?.peak ?? 1).length);
  }
  return most;
}

/** @param {Part} part @returns {number[]} */
const indices = ({ first, count }) => Array.from({ length: count }, (_, i) => first + i);

/**
 * Query, key, and their products, number by number.
 * @param {Head} head @param {Part} numbers
 * @returns {[id: string, Line][]}
 */
export function matchLines({ q, k, products, query, key, reads }, numbers) {
  const line = (/** @type {Operand} */ operand, /** @type {string} */ label, /** @type {string} */ kind) => ({
    label,
    kind,
    first: numbers.first,
    peak: operand.peak,
    cells: indices(numbers).map((at) => coloured(operand, at)),
  });
  return [
    ["q", line(q, `$q_{${query + 1}}$ place ${query + 1}, reads ${reads[query] ?? ""}`, "query")],
    ["k", line(k, `$k_{${key + 1}}$ place ${key + 1}, holds ${reads[key] ?? ""}`, "key")],
    ["products", line(products, "products", "sum")],
  ];
}

/** @param {Operand} operand @param {number} at @returns {Cell} */
function coloured(operand, at) {
  const value = entryOf(operand, at);
  return { text: fixed(value, operand.peak), value };
}

/**
 * The places, their scores, and their shares as bars.
 * @param {Head} head @param {Part} shown
 * @returns {[id: string, Line | null][]}
 */
export function shareLines({ scores, shares, weights, query, key, reads }, shown) {
  const [first, i] = [shown.first, query + 1];
  const at = indices(shown);
  const name = (/** @type {number} */ j) => `place ${j + 1}, reads ${reads[j] ?? ""}`;
  const marks = (/** @type {number} */ j) => `${j === query ? "is-query" : ""} ${j === key ? "is-key" : ""}`;
  const hidden = (/** @type {number} */ j) => Number.isNaN(entryOf(scores, j));
  /** @type {Line} */
  const places = { label: "what is read", kind: "places", first, peak: 1, cells: at.map((j) => ({ text: reads[j] || "·", kind: marks(j) })) };
  /** @type {Line} */
  const row = {
    label: `$s_{${i}j}$ scores`,
    first,
    peak: scores.peak,
    cells: at.map((j) =>
      hidden(j)
        ? { text: "·", kind: `hidden-key ${marks(j)}`, name: `${name(j)}: hidden`, chosen: j === key }
        : { ...coloured(scores, j), kind: marks(j), name: `${name(j)}: score ${fixed(entryOf(scores, j), scores.peak)}`, chosen: j === key },
    ),
  };
  const bar = (/** @type {number} */ j) => {
    const share = shares ? entryOf(shares, j) : NaN;
    if (!shares) return { text: "" };
    if (Number.isNaN(share)) return { text: "·", kind: `hidden-key ${marks(j)}`, name: `${name(j)}: hidden` };
    return { text: shareText(share), share, kind: marks(j), name: `${name(j)}: share ${shareText(share)}` };
  };
  const here = at.reduce((sum, j) => sum + ((shares && entryOf(shares, j)) || 0), 0);
  const whole = shares && at.length < reads.length ? `shown: ${shareText(here)}` : "shares, sum 1";
  return [
    ["places", places],
    ["scores", row],
    ["shares", { label: `$a_{${i}j}$ ${whole}`, kind: "bars", first, peak: 1, cells: at.map(bar) }],
    ["dropped", weights && { label: `$\\hat a_{${i}j}$ after dropout`, kind: "plain", first, peak: 1, cells: at.map((j) => ({ text: hidden(j) ? "·" : shareText(entryOf(weights, j)) })) }],
  ];
}

/** How strong a value is drawn: it is pale where its share is small. @param {number} weight */
export const strengthOf = (weight) => (Number.isFinite(weight) ? Math.sqrt(Math.max(0, Math.min(1, weight))) : 0);

/**
 * The value of each place that is shown, as pale as its share is small.
 * @param {Head} head @param {Part} shown @param {Part} numbers
 * @returns {[id: string, line: Line, place: number][]} from the stage that computes them
 */
export function valueLines({ values, shares, weights, key, reads }, shown, numbers) {
  const used = weights ?? shares;
  if (!values || !used) return [];
  return indices(shown).map((j, n) => {
    const weight = entryOf(used, j);
    const strength = strengthOf(weight);
    const tone = ["faint", "pale", "clear"][Math.min(2, Math.floor(3 * strength))] ?? "clear";
    const cells = indices(numbers).map((at) => {
      const value = entryOf(values, j, at);
      return { text: fixed(value, values.peak), value: value * strength };
    });
    const share = Number.isNaN(weight) ? "0" : shareText(weight);
    const label = `${share} × $v_{${j + 1}}$ of ${reads[j] ?? ""}`;
    return [`value${n}`, { label, kind: `value ${tone} ${j === key ? "key" : ""}`, first: numbers.first, peak: values.peak, cells }, j];
  });
}

/** @param {Head} head @param {Part} numbers @param {number} number the one that is worked out @returns {Line} */
export function outputLine({ output, values, query }, numbers, number) {
  const peak = Math.max(output?.peak ?? 0, values?.peak ?? 0);
  const cells = indices(numbers).map((at) => {
    if (!output) return { text: "", name: "not computed yet" };
    const value = entryOf(output, at);
    return { text: fixed(value, peak), value, chosen: at === number, kind: at === number ? "worked-out" : "", name: `number ${at + 1}: ${fixed(value, peak)}` };
  });
  return { label: `$o_{${query + 1}}$ head's output`, kind: "sum output", first: numbers.first, peak, cells };
}

/**
 * What stands beside the three steps.
 * @param {Head} head @param {number} number of the output
 * @returns {[Sum[], Sum[], Sum[]]}
 */
export function sumsOf(head, number) {
  const { sums, query, key } = head;
  const [i, j] = [query + 1, key + 1];
  const comma = i > 9 || j > 9 ? "," : "";
  const at = `${i}${comma}${j}`;
  const text = (/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "–" : format(value));
  /** @type {Sum[]} */
  const match = [
    { text: `sum of the products`, kind: "caption" },
    { text: `$q_{${i}} \\cdot k_{${j}} =$`, value: text(sums.sum) },
    { text: `scaled by $\\sqrt{d} = \\sqrt{${sums.d}} =$ ${format(Math.sqrt(sums.d))}`, kind: "caption" },
    { text: `$s_{${at}} =$`, value: text(sums.score), kind: "result" },
  ];
  if (sums.hidden) match.push({ text: "This key comes later: the mask hides it.", kind: "caption" });
  if (sums.step === "match") return [match, [], []];
  const dropped = head.weights ? [{ text: `after dropout $\\hat a_{${at}} =$`, value: text(sums.weight) }] : [];
  /** @type {Sum[]} */
  const shares = sums.hidden
    ? [{ text: "A hidden key has no share.", kind: "caption" }, { text: `$a_{${at}} =$`, value: "0", kind: "result" }]
    : [
        { text: `$e^{s_{${at}}} =$`, value: text(sums.exp) },
        { text: `$\\sum_m e^{s_{${i}m}} =$`, value: text(sums.total) },
        { text: `$a_{${at}} =$`, value: text(sums.share), kind: "result" },
        ...dropped,
      ];
  return [match, shares, sums.step === "values" ? outputSums(head, number) : []];
}

/** @param {Head} head @param {number} number @returns {Sum[]} */
function outputSums({ terms, output, query, sums }, number) {
  if (!output) return [];
  const { terms: few } = fewTerms(terms, TERMS);
  const lines = few.map(({ symbols, numbers, value }) => ({
    text: numbers ? (plainNumbers(numbers) ?? `$${numbers}$`) : `+ ${/\\text\{([^}]*)\}/.exec(symbols)?.[1] ?? "others"}`,
    value: format(value),
    kind: "term",
  }));
  const left = sums.left_out ? [{ text: "This head is left out: it hands on 0.", kind: "caption" }] : [];
  return [
    { text: `number ${number + 1} of the output`, kind: "caption" },
    ...lines,
    { text: `$o_{${query + 1},${number + 1}} =$`, value: format(entryOf(output, number)), kind: "result" },
    ...left,
  ];
}
