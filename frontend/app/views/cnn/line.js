/** A layer in one line: what it computes, and how its size comes about. */

import { count } from "../../marks/scales.js";

/** @typedef {import("../../types/api.js").Layer} Layer */

/**
 * @param {Pick<Layer, "label" | "formula" | "size" | "parameters" | "output">} layer
 * @returns {import("../../network/bar.js").Line}
 */
export function lineOf({ label, formula, size, parameters, output }) {
  const latex = [formula, sizeLatex(size, output)].filter(Boolean).join(",\\quad ");
  return { name: label, latex, facts: parameters ? `${count(parameters)} parameters` : "no parameters" };
}

/**
 * How the side of the maps comes about, or the length of a vector, with a name for it.
 * @param {string} size in LaTeX
 * @param {number[]} output
 */
export const sizeLatex = (size, output) => (size ? `${output.length > 1 ? "w'" : "D"}=${size}` : "");
