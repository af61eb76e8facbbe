/** Writes an affine map in LaTeX. */

import { format, short } from "../marks/scales.js";

/**
 * One output's map, "1.2\,x_1 - 0.5\,x_2 + 3".
 * @param {number[]} slopes
 * @param {number} offset
 * @returns {string}
 */
export function affineLatex(slopes, offset) {
  const terms = slopes.map((slope, i) => ({
    value: slope,
    name: slopes.length > 1 ? `\\,x_${i + 1}` : "\\,x",
  }));
  return [...terms, { value: offset, name: "" }]
    .map(({ value, name }, i) => {
      const sign = value < 0 ? "-" : i > 0 ? "+" : "";
      return `${sign}${numberLatex(format(Math.abs(value)))}${name}`;
    })
    .join("");
}

/**
 * @param {string} text a formatted number
 * @returns {string} in LaTeX
 */
function numberLatex(text) {
  const [digits = "", exponent] = text.split("e");
  const plain = digits.replaceAll(",", "{,}");
  return exponent === undefined ? plain : `${plain}\\cdot 10^{${exponent}}`;
}

/**
 * @param {number[]} point
 * @returns {string} "(1.2, −0.5)"
 */
export function pointText(point) {
  return point.length === 1 ? `x = ${short(point[0])}` : `(${point.map(short).join(", ")})`;
}
