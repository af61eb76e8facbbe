/** Lists a run's scores as facts: those that it has, in a fixed order. */

import { format, percent } from "../marks/scales.js";
import { metric, ofStep } from "./context.js";

/** @type {{name: string, label: string, format: (value: number) => string, tip?: string}[]} */
const SCORES = [
  { name: "test_accuracy", label: "Test accuracy", format: percent },
  {
    name: "test_sequence_accuracy",
    label: "Sequences",
    format: percent,
    tip: "The share of test sequences in which every symbol is right.",
  },
  { name: "test_elbo", label: "ELBO", format: format },
  { name: "test_reconstruction", label: "Reconstruction", format: format },
  { name: "test_kl", label: "KL", format: format },
  { name: "test_r2", label: "Test R²", format: format },
  { name: "test_mse", label: "Test MSE", format: format },
  { name: "test_loss", label: "Test loss", format: format },
  { name: "train_loss", label: "Train loss", format: format },
];

/**
 * @param {import("./context.js").Context} context
 * @param {number} [most]
 * @returns {import("./facts-row.js").Fact[]}
 */
export function scoreFacts(context, most = 4) {
  const of = ofStep(context);
  return SCORES.map(({ name, ...score }) => ({ ...score, value: metric(context, name) }))
    .filter(({ value }) => value !== null)
    .slice(0, most)
    .map(({ label, value, format: write, tip }) => ({
      label,
      value: write(/** @type {number} */ (value)),
      ...of,
      ...(tip && { tip }),
    }));
}
