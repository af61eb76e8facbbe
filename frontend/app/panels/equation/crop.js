/**
 * Shows of large matrices the part around the entry that is worked out, and of a long sum its largest terms. Pure.
 */

import { densityOf } from "./numerals.js";
import { followed, operandsOf, usedCells } from "./reading.js";

/** @typedef {import("../../types/pictures.js").EquationMark} EquationMark */
/** @typedef {import("../../types/pictures.js").Operand} Operand */
/** @typedef {import("../../types/pictures.js").Term} Term */

/**
 * Numbers of rows and columns up to which matrices are shown whole, with the density that figures may have, tried until
 * they fit; larger matrices show a few. Below a certain size fewer figures are better than smaller ones.
 * @type {[most: number, density: number][]}
 */
const WHOLE = [[12, 1], [10, 1], [8, 1], [8, 2], [6, 2], [5, 2], [4, 2]];
const FEW = 8;
/** Terms of a sum that are shown at first. */
export const MOST_TERMS = 12;

/**
 * The equation with those parts of its matrices for which there is room.
 * @param {EquationMark} equation
 * @param {number} room width, in CSS pixels of normal type
 * @param {number | null} term around which sides are shown that no entry moves; null is the largest
 * @returns {EquationMark}
 */
export function cropped(equation, room, term) {
  const signs = equation.items.length - operandsOf(equation).length;
  let found = equation;
  for (const [most, density] of WHOLE) {
    found = { ...equation, items: equation.items.map((one, item) => (one.item === "operand" ? part(equation, item, one, most, term) : one)) };
    const operands = operandsOf(found).map(({ operand }) => operand);
    if (densityOf(operands, signs, room, equation.table) <= density) break;
  }
  return found;
}

/**
 * @param {EquationMark} equation
 * @param {number} item
 * @param {Operand} operand
 * @param {number} most
 * @param {number | null} term
 * @returns {Operand}
 */
function part(equation, item, operand, most, term) {
  if (operand.pixels) return operand;
  const [rows = 0, columns = 0] = operand.values.shape;
  const follows = (/** @type {"rows" | "columns"} */ side) => item === 0 || followed(equation, item, side) !== null;
  // Rows need no width, but those of a factor belong to the columns of the one before.
  const high = follows("rows") ? Math.max(FEW, most) : most;
  const down = operand.rows <= high ? rows : Math.min(FEW, high, rows);
  const across = operand.columns <= most ? columns : Math.min(FEW, most, columns);
  if (down === rows && across === columns) return operand;
  const center = (/** @type {"rows" | "columns"} */ side) => {
    if (!follows(side) && term !== null) return term;
    const cell = middleOf(equation, item);
    return cell ? cell[side === "rows" ? "row" : "column"] : 0;
  };
  const top = firstOf(center("rows"), down, operand.row, rows);
  const left = firstOf(center("columns"), across, operand.column, columns);
  const data = Float32Array.from({ length: down * across }, (_, i) => {
    const row = top - operand.row + Math.floor(i / across);
    return operand.values.data[row * columns + left - operand.column + (i % across)] ?? NaN;
  });
  const labels = (/** @type {string[]} */ names, /** @type {number} */ from, /** @type {number} */ count) => names.slice(from, from + count);
  return {
    ...operand,
    values: { data, shape: [down, across] },
    row: top,
    column: left,
    row_labels: labels(operand.row_labels, top - operand.row, down),
    column_labels: labels(operand.column_labels, left - operand.column, across),
  };
}

/** The first of `count` numbers around one, within those that there are. @param {number} at @param {number} count
 * @param {number} first @param {number} whole */
function firstOf(at, count, first, whole) {
  return Math.max(first, Math.min(at - Math.floor(count / 2), first + whole - count));
}

/** The cell of an operand that is looked at: the entry itself, or what its largest term uses.
 * @param {EquationMark} equation @param {number} item */
function middleOf({ worked }, item) {
  if (!worked) return null;
  if (item === 0) return worked;
  const sizes = worked.terms.map(({ value }) => (Number.isFinite(value) ? Math.abs(value) : 0));
  const order = worked.terms.map((_, i) => i).sort((one, other) => (sizes[other] ?? 0) - (sizes[one] ?? 0));
  for (const at of order) {
    const cells = usedCells(worked.terms.slice(at, at + 1), item);
    // Of many, that in the place of the entry: both matrices then show the same part.
    const cell = cells.find(({ row, column }) => row === worked.row && column === worked.column) ?? cells[0];
    if (cell) return cell;
  }
  return null;
}

/**
 * The largest terms of a sum in their order, and the others as one.
 * @param {readonly Term[]} terms
 * @param {number} [most]
 * @returns {{terms: readonly Term[], others: number}} `others` is how many the last one is; 0 if all are shown
 */
export function fewTerms(terms, most = MOST_TERMS) {
  if (terms.length <= most + 1) return { terms, others: 0 };
  const order = terms.map((_, i) => i).sort((one, other) => Math.abs(terms[other]?.value ?? 0) - Math.abs(terms[one]?.value ?? 0));
  const kept = new Set(order.slice(0, most));
  const rest = terms.filter((_, i) => !kept.has(i));
  const value = rest.reduce((sum, term) => sum + term.value, 0);
  const one = { symbols: `\\text{${rest.length} others}`, numbers: "", value, uses: rest.flatMap(({ uses }) => uses) };
  return { terms: [...terms.filter((_, i) => kept.has(i)), one], others: rest.length };
}
