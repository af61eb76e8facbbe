/** Writes the numbers of small matrices into their cells. */

import { textRole } from "../../marks/colors.js";
import { cellBox, scaleOf } from "../../marks/matrix.js";
import { short } from "../../marks/scales.js";
import { at } from "../../stream/frame.js";

/** @typedef {import("../../types/pictures.js").MatrixMark} MatrixMark */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

const MATRICES = new Set(["patch", "kernel", "products"]);
/** A cell narrower than this, in CSS pixels at normal type, has no room for a sign and two digits. */
const MIN_CELL = 25;
/** A cell narrower than this has no room for the zero before the point. */
const MIN_CELL_WITH_ZERO = 31;

export class CellNumbers {
  /** @type {Map<string, MatrixMark>} */
  #marks = new Map();

  /** Takes the matrices to write. @param {Plot[]} plots */
  setMatrices(plots) {
    this.#marks.clear();
    for (const { id, marks } of plots) {
      if (MATRICES.has(id) && marks[0]?.kind === "matrix") this.#marks.set(id, marks[0]);
    }
  }

  /**
   * @param {import("../../marks/view.js").View} view
   * @param {string} plot its id
   */
  write(view, plot) {
    const mark = this.#marks.get(plot);
    if (!mark) return;
    const [rows = 1, columns = 1] = mark.values.shape;
    const { canvas, palette, width } = view;
    const cell = width / columns / palette.scale;
    if (cell < MIN_CELL) return;
    canvas.font = `${11 * palette.scale}px ${palette.font}`;
    canvas.textAlign = "center";
    canvas.textBaseline = "middle";
    const { table, around, scale } = scaleOf(mark, palette);
    for (let i = 0; i < rows * columns; i++) {
      const box = cellBox(mark, view, Math.floor(i / columns), i % columns);
      const value = at(mark.values, i);
      const place = Math.round(Math.min(255, Math.max(0, around + scale * value)));
      canvas.fillStyle = palette.css(textRole(palette, table[place] ?? 0));
      const text = twoDigits(value);
      const written = cell < MIN_CELL_WITH_ZERO ? text.replace(/^(−?)0\./, "$1.") : text;
      canvas.fillText(written, box.left + box.width / 2, box.top + box.height / 2);
    }
  }
}

/** Two digits after the point; for large numbers as many as fit. @param {number} value */
export function twoDigits(value) {
  const size = Math.abs(value);
  return size >= 100 ? short(value) : value.toFixed(2).replace(/^-(?=.*[1-9])/, "−").replace("-", "");
}
