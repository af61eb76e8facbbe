/** What every panel is given. */

import { count } from "../marks/scales.js";

/**
 * @typedef {object} Context
 * @property {import("../stream/watch.js").Pictures} pictures
 * @property {typeof import("../state/store.js")} state
 * @property {Verbs} verbs what a press does to this run
 * @property {import("../stream/series.js").SeriesStore} series
 */

/** @typedef {typeof import("../state/verbs.js")} Verbs */
/** @typedef {import("../types/api.js").Metrics} Metrics */

/**
 * The spec that the run on the page goes by.
 * @param {Context} context
 */
export function specOf({ state }) {
  return state.run.value?.spec_in_force ?? null;
}

/**
 * The catalogue's row of the run's objective.
 * @param {Context} context
 */
export function objectiveOf(context) {
  const kind = specOf(context)?.objective.kind;
  return context.state.catalogue.value?.objectives.find((row) => row.kind === kind) ?? null;
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
 * The step that the metrics are of, where it is not the one looked at: not every step has a row.
 * @param {Context} context
 * @returns {{of?: string}} to go with a fact
 */
export function ofStep({ state, series }) {
  const step = state.viewedStep.value;
  const row = step === null ? NaN : series.value("step", step);
  return Number.isNaN(row) || row === step ? {} : { of: `step ${count(row)}` };
}

/**
 * Whether a probe has something to show of the run on the page.
 * @param {Context} context
 * @param {string} probe
 */
export function fits({ state }, probe) {
  return state.run.value?.probes.includes(probe) ?? false;
}
