/** The parts of a spec that only a multilayer perceptron has. */

/** @typedef {import("../types/api.js").MlpSpec} MlpSpec */

/**
 * The model of a spec if it is a multilayer perceptron; null if it is of another family.
 * @param {{model: import("../types/api.js").ModelSpec} | null | undefined} spec
 * @returns {MlpSpec | null}
 */
export function mlpOf(spec) {
  return spec?.model.kind === "mlp" ? /** @type {MlpSpec} */ (spec.model) : null;
}
