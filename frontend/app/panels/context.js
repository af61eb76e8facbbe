/** What every panel is given. */

import { mlpOf } from "../state/mlp.js";

/**
 * @typedef {object} Context
 * @property {import("../stream/watch.js").Pictures} pictures
 * @property {typeof import("../state/store.js")} state
 * @property {import("../stream/series.js").SeriesStore} series
 */

/** @typedef {import("../types/api.js").Metrics} Metrics */

/**
 * The spec that the run on the page goes by.
 * @param {Context} context
 */
export function specOf({ state }) {
  return state.run.value?.spec_in_force ?? null;
}

/**
 * A metric at the step that is looked at.
 * @param {Context} context
 * @param {string} name
 * @returns {number | null} null where the run has no such number
 */
export function metric({ state, series }, name) {
  const step = state.viewedStep.value;
  if (step !== null) {
    const value = series.value(name, step);
    return Number.isNaN(value) ? null : value;
  }
  const metrics = state.progress.value?.metrics ?? state.run.value?.metrics ?? {};
  return metrics[name] ?? null;
}

/**
 * Whether the run's net is a multilayer perceptron of straight pieces, and so has linear regions.
 * @param {Context} context
 */
export function isPiecewiseLinear({ state }) {
  const model = mlpOf(state.run.value?.spec);
  const rows = state.catalogue.value;
  if (!model || !rows) return false;
  const { features, activation } = model;
  const linear = new Set(rows.features.filter((row) => row.linear).map((row) => row.kind));
  const straight = new Set(
    rows.activations.filter((row) => row.piecewise_linear).map((row) => row.kind),
  );
  const chosen = Array.isArray(activation) ? activation : [activation];
  return (
    features.every((name) => linear.has(name)) &&
    chosen.every((one) => straight.has(typeof one === "string" ? one : one.kind))
  );
}
