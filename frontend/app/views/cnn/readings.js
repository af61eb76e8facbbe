/** Writes the text below each tool's pictures, with the run's numbers. */

import { short } from "../../marks/scales.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

/**
 * How many pixels reach a unit: those of its receptive field that lie on the image, and of a dilated
 * kernel not all of them.
 * @param {Facts} facts
 */
function reaching({ rows, columns, reached }) {
  const sides = [rows, columns].map((ends) => {
    const [first, last] = Array.isArray(ends) ? ends.map(Number) : [];
    return first === undefined || last === undefined ? 0 : last - first + 1;
  });
  const [height = 0, width = 0] = sides;
  const [some = height, others = width] = Array.isArray(reached) ? reached.map(Number) : [];
  if (height * width === 0) return "none reach";
  const all = `${height} × ${width}`;
  return some * others === height * width ? `${all} reach` : `${some * others} of ${all} reach`;
}

/** @type {{[tool: string]: (facts: Facts) => string}} */
const READINGS = {
  convolution(facts) {
    const bias = Number(facts["bias"]);
    const sums = Array.isArray(facts["sums"]) ? facts["sums"] : [];
    const own = short(Number(sums[Number(facts["input"])]));
    const sum = short(Number(facts["sum"]));
    const sign = bias < 0 ? "−" : "+";
    const rest = `${sign} ${short(Math.abs(bias))} = ${short(Number(facts["z"]))}`;
    const place = `at row ${Number(facts["row"]) + 1}, column ${Number(facts["column"]) + 1}`;
    if (sums.length < 2) return `z = Σ products + b = ${sum} ${rest}, ${place}`;
    const all = `z = Σ over ${sums.length} input channels + b = ${sum} ${rest}, ${place}`;
    return `${all}; this channel adds ${own}`;
  },
  receptive_field(facts) {
    const inside = facts["inside"];
    const share = typeof inside === "number" ? `; ${short(100 * inside)}% of the gradient lies inside` : "";
    const size = `${facts["size"]} × ${facts["size"]}`;
    const layer = `The field of a unit here is up to ${size} pixels, ${facts["jump"]} between neighbours`;
    return `${layer}; ${reaching(facts)} this unit${share}`;
  },
  equivariance(facts) {
    const shift = facts["shift"];
    const [across, down] = Array.isArray(shift) ? shift : [0, 0];
    const maps = `The maps move by (${short(Number(across))}, ${short(Number(down))})`;
    const rounding = facts["whole"] ? "" : ", which is not whole: rounded";
    const [before, after] = Array.isArray(facts["predictions"]) ? facts["predictions"] : ["", ""];
    const said = before === after ? `${before}, as before` : `${after}, not ${before}`;
    return `${maps}${rounding}; largest difference ${short(Number(facts["largest"]))}; the net says ${said}`;
  },
};

/** @param {string} tool @param {Facts} facts */
export const readingOf = (tool, facts) => READINGS[tool]?.(facts) ?? "";
