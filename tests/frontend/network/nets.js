/** Nets to test with, as `describe` would give their layers. */
import { columns } from "../../../frontend/app/network/topology.js";

/** @typedef {import("../../../frontend/app/types/api.js").Layer} Layer */

/** @type {import("../../../frontend/app/network/topology.js").Feature[]} */
export const FEATURES = [
  { kind: "x1", label: "x₁", formula: "x_1", inputs: 1, linear: true },
  { kind: "x2", label: "x₂", formula: "x_2", inputs: 2, linear: true },
  { kind: "x1_squared", label: "x₁²", formula: "x_1^2", inputs: 1, linear: false },
];

/**
 * @param {number[]} widths inputs and outputs included
 * @returns {Layer[]}
 */
export function layers(widths) {
  return widths.slice(1).map((units, index) => {
    const last = index === widths.length - 2;
    const before = widths[index] ?? 0;
    return {
      name: `layers.${index}`,
      label: last ? "Output" : `Hidden ${index + 1}`,
      kind: "dense",
      output: [units],
      tensors: {},
      size: "",
      terms: "",
      weight: [units, before],
      bias: [units],
      activation: last ? "linear" : "tanh",
      formula: last ? "z" : "\\tanh z",
      residual: !last && before === units,
      parameters: units * before + units,
    };
  });
}

/** @param {number[]} widths @param {string[]} [on] @param {number[]} [firsts] */
export function net(widths, on = ["x1", "x2"], firsts = []) {
  return {
    columns: columns(layers(widths), on, FEATURES, 16, firsts),
    features: FEATURES.filter((row) => on.includes(row.kind)),
    link: { label: "sigmoid", formula: "p(y{=}1\\mid x) = \\sigma(f(x))" },
    logits: true,
  };
}

/** @type {import("../../../frontend/app/network/layout.js").Room} */
export const LAPTOP = { width: 786, height: 688, coarse: false, scale: 1 };
/** @type {import("../../../frontend/app/network/layout.js").Room} */
export const PHONE = { width: 390, height: 440, coarse: true, scale: 1 };
