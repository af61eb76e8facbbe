/**
 * Computes changes of the network's shape, as the fields of a spec to set: pure functions of the model
 * part of a spec. If activations are listed one a layer, the list changes with the layers.
 *
 * @typedef {import("../types/api.js").Choice} Choice
 * @typedef {Pick<import("../types/api.js").MlpSpec, "features" | "hidden" | "activation">} Model
 * @typedef {{[path: string]: import("../types/api.js").Json}} Changes
 */

/** The name of an activation, given with or without its knobs. @param {Choice} choice */
export const kindOf = (choice) => (typeof choice === "string" ? choice : choice.kind);

/** @param {Model} model @param {number} index @returns {Choice} the activation of a hidden layer */
export function activationOf(model, index) {
  const all = model.activation;
  if (!Array.isArray(all)) return all;
  return all[index] ?? all.at(-1) ?? "linear";
}

/**
 * Changes the number of units in a hidden layer.
 * @param {Model} model @param {number} index @param {number} units @returns {Changes}
 */
export function resizeLayer(model, index, units) {
  return { "model.hidden": model.hidden.map((width, at) => (at === index ? units : width)) };
}

/**
 * Adds a layer before the hidden layer `index`, or after the last one if `index` is their number. It is as
 * wide as its neighbour, so that a residual connection fits.
 * @param {Model} model @param {number} index @returns {Changes}
 */
export function insertLayer(model, index) {
  const width = model.hidden[index - 1] ?? model.hidden[index] ?? 8;
  /** @type {Changes} */
  const changes = { "model.hidden": model.hidden.toSpliced(index, 0, width) };
  if (Array.isArray(model.activation)) {
    const like = activationOf(model, index > 0 ? index - 1 : 0);
    changes["model.activation"] = model.activation.toSpliced(index, 0, like);
  }
  return changes;
}

/** Removes a layer. @param {Model} model @param {number} index @returns {Changes} */
export function removeLayer(model, index) {
  /** @type {Changes} */
  const changes = { "model.hidden": model.hidden.toSpliced(index, 1) };
  if (Array.isArray(model.activation)) {
    const left = model.activation.toSpliced(index, 1);
    // With no layer left the list would be empty; one name for all keeps the choice for the next layer.
    changes["model.activation"] = left.length ? left : activationOf(model, index);
  }
  return changes;
}

/**
 * Sets the activation of one hidden layer; one name for all if all agree.
 * @param {Model} model @param {number} index @param {Choice} choice @returns {Changes}
 */
export function setActivation(model, index, choice) {
  const all = model.hidden.map((_, at) => (at === index ? choice : activationOf(model, at)));
  const same = all.every((other) => JSON.stringify(other) === JSON.stringify(choice));
  return { "model.activation": same ? choice : all };
}

/**
 * Switches an input feature on or off, in the catalogue's order; null if it is the last one on.
 * @param {Model} model @param {string} kind @param {string[]} order @returns {Changes | null}
 */
export function toggleFeature(model, kind, order) {
  /** @type {Set<string>} */
  const on = new Set(model.features);
  if (!on.delete(kind)) on.add(kind);
  if (on.size === 0) return null;
  return { "model.features": order.filter((name) => on.has(name)) };
}
