/** Writes an equation's numbers, and sizes its cells by them. Pure. */

import { format } from "../../marks/scales.js";

/** @typedef {import("../../types/pictures.js").Operand} Operand */
/** @typedef {import("../../types/pictures.js").Tensor} Tensor */

/** The largest share of a colour under a number: ink on more of it would be hard to read in the dark theme. */
export const STRENGTH = 0.5;

/** The text of a cell: three significant digits; empty where there is no cell. @param {number} value */
export const cellText = (value) => (Number.isNaN(value) ? "" : format(value));

/**
 * The place of a cell's colour among the 256 of its scale.
 * @param {number} value
 * @param {Pick<Operand, "colors" | "peak" | "pixels">} scale
 */
export function colorIndex(value, { colors, peak, pixels }) {
  if (colors === "classes") return Math.max(0, Math.round(value)) % 256;
  const share = Math.max(-1, Math.min(1, value / (peak || 1))) * (pixels ? 1 : STRENGTH);
  return colors === "diverging" ? Math.round(127.5 + 127.5 * share) : Math.round(255 * Math.max(0, share));
}

/** LaTeX that is text as it is, and what it becomes. @type {[RegExp, string][]} */
const PLAIN = [
  [/\\text\{([^{}\\]*)\}/g, "$1"],
  [/\\(?:times|cdot)\s*/g, "× "],
  [/\\left\(/g, "("],
  [/\\right\)/g, ")"],
  [/\\[,;:!]\s*/g, " "],
  [/\\(tanh|sin|cos|arctan|log|exp|max|min)(?![a-z])\s*/g, "$1 "],
  [/\\(?:mathrm|operatorname)\{([a-zA-Z]+)\}\s*/g, "$1 "],
  [/\\sigma(?![a-z])\s*/g, "σ"],
];

/**
 * A term's numbers as plain text, which is quicker to set than a formula and has figures of one width.
 * @param {string} latex
 * @returns {string | null} null if it needs to be set as a formula
 */
export function plainNumbers(latex) {
  let text = latex;
  for (const [pattern, by] of PLAIN) text = text.replace(pattern, by);
  text = text.replace(/\{([^{}^_]*)\}/g, "$1");
  // What lies on more than one line: powers, indices, fractions, roots.
  if (/[\\^_{}]/.test(text)) return null;
  return text
    .replace(/(^|[\s(×/=])-(?=[\d.(∞a-z])/g, "$1−")
    .replace(/\(\((−?[\d.e-]+)\)\)/g, "($1)")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * How many characters the numbers of a matrix have at most; at least five, so that small changes keep widths.
 * @param {Tensor} values
 */
export function widestText({ data }) {
  let most = 5;
  for (const value of data) most = Math.max(most, cellText(value).length);
  return most;
}

/**
 * Sizes of a cell at normal type, in CSS pixels; of the largest, a matrix of a few rows has room for.
 * @typedef {{text: number, height: number, pad: number}} Density
 * @type {readonly Density[]}
 */
export const DENSITIES = [
  { text: 13, height: 30, pad: 16 },
  { text: 12, height: 26, pad: 12 },
  { text: 11, height: 22, pad: 9 },
  { text: 10, height: 19, pad: 6 },
];
/** The width of a figure of the page's type, as a share of its size. */
export const FIGURE = 0.64;
/** Rows up to which a matrix has cells of each density. */
const ROWS = [6, 9, 14];
/** The side of a pixel, in CSS pixels. */
export const PIXEL = 9;
/** The width of a sign with its gaps. */
const SIGN = 34;

/**
 * The density of an equation's cells: the largest that its matrices have room for.
 * @param {readonly Operand[]} operands
 * @param {number} signs
 * @param {number} room width, in CSS pixels of normal type
 * @param {boolean} [table] whether the operands are a table of products
 * @returns {number} its number
 */
export function densityOf(operands, signs, room, table = false) {
  const numbers = operands.filter(({ pixels }) => !pixels);
  const rows = Math.max(0, ...numbers.map(({ values }) => values.shape[0] ?? 0));
  let level = ROWS.filter((most) => rows > most).length;
  for (; level < DENSITIES.length - 1; level += 1) {
    const wide = (/** @type {Operand} */ { values, pixels }) =>
      (values.shape[1] ?? 0) * (pixels ? PIXEL : cellWidth(widestText(values), level) + 2);
    const widths = operands.map(wide);
    const total = table
      ? Math.max(widths[0] ?? 0, widths[2] ?? 0) + (widths[1] ?? 0) + SIGN
      : widths.reduce((sum, width) => sum + width, 0) + signs * SIGN;
    if (total <= room) break;
  }
  return level;
}

/** The width of a cell. @param {number} characters @param {number} level of density */
export function cellWidth(characters, level) {
  const { text, pad } = DENSITIES[level] ?? { text: 13, pad: 16 };
  return Math.ceil(characters * FIGURE * text + pad);
}

/**
 * Splits a number after the digits that it has in common with another.
 * @param {string} text as `digitsOf` gives it
 * @param {number} value its number
 * @param {number} reference
 * @returns {[same: string, other: string]}
 */
export function agreeingDigits(text, value, reference) {
  if (!Number.isFinite(value) || !Number.isFinite(reference)) return ["", text];
  if (value === reference) return [text, ""];
  const other = digitsOf(reference, 17);
  let same = 0;
  while (same < text.length && text[same] === other[same]) same += 1;
  // 0.1000 and 0.0999…: digits that differ by less than half a unit, where a carry changes all of them.
  const size = Math.max(Math.abs(value), Math.abs(reference));
  const exact = Math.floor(Math.log10(size / Math.abs(value - reference) / 2));
  const [power = "", mantissa = ""] = [text.split("e")[1], text.split("e")[0]];
  let by = 0;
  for (let digits = 0, leading = true; by < mantissa.length && digits < exact; by += 1) {
    const letter = mantissa[by] ?? "";
    if (!/\d/.test(letter)) continue;
    if (letter !== "0") leading = false;
    if (!leading) digits += 1;
  }
  const at = power === (other.split("e")[1] ?? "") ? Math.max(same, by) : 0;
  // A sign, zeros and a point alone are no digits.
  return /[1-9]/.test(text.slice(0, at)) ? [text.slice(0, at), text.slice(at)] : ["", text];
}

/**
 * A number with all of its digits.
 * @param {number} value
 * @param {number} significant digits
 */
export function digitsOf(value, significant) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  return value.toPrecision(significant).replace("-", "−").replace(/e\+?([-−]?)/, "e$1").replace("e−", "e-");
}
