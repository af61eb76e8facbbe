import { format, percent, short } from "../marks/scales.js";

/** What the curves panel can draw: each a pair of lines or a single one. */

/** @typedef {{column: string, label: string, role: string}} Curve */
/**
 * @typedef {object} Measure
 * @property {string} id
 * @property {string} label
 * @property {string} unit
 * @property {boolean} log whether it is drawn on a log scale where all is positive
 * @property {[number, number] | null} ends fixed ends of the axis
 * @property {(value: number) => string} write a value
 * @property {(value: number) => string} mark a value beside the axis
 * @property {Curve[]} curves
 */

const PLAIN = { write: format, mark: short };
/** Without the digits that changing values have. */
const SHARES = { write: percent, mark: (/** @type {number} */ value) => `${short(100 * value)}%` };

/**
 * @param {string} id
 * @param {string} label
 * @param {string} unit
 * @param {boolean} log
 * @param {[number, number] | null} [ends] of shares
 * @returns {Measure}
 */
function pair(id, label, unit, log, ends = null) {
  const curves = ["train", "test"].map((part) => ({ column: `${part}_${id}`, label: part, role: part }));
  return { id, label, unit, log, ends, curves, ...(ends ? SHARES : PLAIN) };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string} unit
 * @param {string} name the curve's
 * @returns {Measure}
 */
function single(id, label, unit, name) {
  const curves = [{ column: id, label: name, role: "accent" }];
  return { id, label, unit, log: true, ends: null, curves, ...PLAIN };
}

/** @type {Measure[]} */
export const MEASURES = [
  // First where there is one: a likelihood of fixed width levels off at its own entropy, and hides
  // what is still learnt.
  pair("mse", "MSE", "squared units of y", true),
  pair("loss", "Loss", "nats", true),
  pair("accuracy", "Accuracy", "", false, [0, 1]),
  pair("r2", "R²", "", false),
  single("penalty", "Penalty", "nats", "penalty"),
  single("gradient_norm", "Gradient", "norm", "‖∇L‖"),
];

/** What there is of every run. */
export const LOSS = /** @type {Measure} */ (MEASURES.find(({ id }) => id === "loss"));

/**
 * The measures that a series has anything of.
 * @param {import("../stream/series.js").SeriesStore} series
 * @returns {Measure[]}
 */
export function measuresOf(series) {
  return MEASURES.filter(({ id, curves }) =>
    curves.some(({ column }) => {
      const values = series.column(column);
      if (!values) return false;
      // A penalty of 0 all along is no penalty.
      return id === "penalty" ? values.some((value) => value > 0) : values.some((v) => !Number.isNaN(v));
    }),
  );
}
