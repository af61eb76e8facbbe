/** The context that every panel receives, and what panels read from it. */

import { count } from "../marks/scales.js";

/**
 * @typedef {object} Context
 * @property {import("../stream/watch.js").Pictures} pictures
 * @property {import("../state/run-state.js").RunState} state the run
 * @property {Verbs} verbs the actions on this run
 * @property {import("@preact/signals-core").ReadonlySignal<boolean>} presenting whether it is shown to a class
 * @property {import("../stream/series.js").SeriesStore} series
 * @property {import("@preact/signals-core").ReadonlySignal<readonly import("./change-marks.js").Change[]>} changes
 *   of the run, by step
 */

/** @typedef {typeof import("../state/verbs.js")} Verbs */
/** @typedef {import("../types/api.js").Metrics} Metrics */

/**
 * The spec in force of the run on the page.
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
 * A metric at the viewed step.
 * @param {Context} context
 * @param {string} name
 * @returns {number | null} null if the run has no such number
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
 * The step of the metrics, if it is not the viewed step: not every step has a row.
 * @param {Context} context
 * @returns {{of?: string}} a part of a fact
 */
export function ofStep({ state, series }) {
  const step = state.viewedStep.value;
  const row = step === null ? NaN : series.value("step", step);
  return Number.isNaN(row) || row === step ? {} : { of: `step ${count(row)}` };
}

/**
 * Whether a probe fits the run on the page.
 * @param {Context} context
 * @param {string} probe
 */
export function fits({ state }, probe) {
  return state.run.value?.probes.includes(probe) ?? false;
}
