/** Equations to test with. */

import { tensor } from "../marks/tensors.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").Operand} Operand */
/** @typedef {import("../../../frontend/app/types/pictures.js").EquationMark} EquationMark */

/**
 * @param {string} symbol
 * @param {number[][]} rows the shown part
 * @param {Partial<Operand>} [more]
 * @returns {Operand}
 */
export const operand = (symbol, rows, more = {}) => ({
  item: "operand",
  symbol,
  values: tensor(rows.flat(), [rows.length, rows[0]?.length ?? 0]),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  row: 0,
  column: 0,
  note: "",
  peak: 1,
  colors: "diverging",
  row_labels: [],
  column_labels: [],
  pixels: false,
  ...more,
});

/** @param {string} latex @returns {import("../../../frontend/app/types/pictures.js").Sign} */
export const sign = (latex) => ({ item: "sign", latex });

/**
 * z = W h for one unit, worked out: (2, 1) = (2, 3)(3, 1).
 * @param {number[][]} w @param {number[]} h @param {number} row
 * @returns {EquationMark}
 */
export function product(w, h, row) {
  const z = w.map((weights) => weights.reduce((sum, weight, k) => sum + weight * (h[k] ?? 0), 0));
  const weights = w[row] ?? [];
  return {
    kind: "equation",
    formula: "z = W h",
    items: [
      operand("z", z.map((one) => [one])),
      sign("="),
      operand("W", w),
      sign("\\cdot"),
      operand("h", h.map((one) => [one])),
    ],
    worked: {
      symbol: `z_${row + 1}`,
      row,
      column: 0,
      terms: weights.map((weight, k) => ({
        symbols: `W_{${row + 1}${k + 1}} h_${k + 1}`,
        numbers: `${weight} \\times ${h[k]}`,
        value: weight * (h[k] ?? 0),
        uses: [[2, row, k], [4, k, 0]],
      })),
      value: z[row] ?? NaN,
      joined: "+",
    },
    table: false,
  };
}
