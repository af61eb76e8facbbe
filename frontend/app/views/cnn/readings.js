/** What stands below each tool's pictures, with the run's numbers. */

import { short } from "../../marks/scales.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

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
    return `${facts["size"]} × ${facts["size"]} pixels reach a unit, ${facts["jump"]} between neighbours${share}`;
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
