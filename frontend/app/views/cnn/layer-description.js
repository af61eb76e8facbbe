/** Describes a layer in one line: its formula and the formula of its size. */

import { count } from "../../marks/scales.js";

/** @typedef {import("../../types/api.js").Layer} Layer */

/**
 * @param {Pick<Layer, "label" | "formula" | "size" | "parameters" | "output">} layer
 * @returns {import("../../network/formula-bar.js").Line}
 */
export function layerDescription({ label, formula, size, parameters, output }) {
  const latex = [formula, sizeLatex(size, output)].filter(Boolean).join(",\\quad ");
  return { name: label, latex, facts: parameters ? `${count(parameters)} parameters` : "no parameters" };
}

/**
 * The formula of the side of the maps, or of the length of a vector, with its symbol.
 * @param {string} size in LaTeX
 * @param {number[]} output
 */
export const sizeLatex = (size, output) => (size ? `${output.length > 1 ? "w'" : "D"}=${size}` : "");
