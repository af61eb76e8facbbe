/** Applies what the stream reports of a run to what is known of it. */

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("../types/api.js").RunChange} RunChange */

/**
 * A run with a change. `changes` is as of the last whole run: it follows from the spec in force, and no panel
 * uses it.
 * @param {Run} run
 * @param {RunChange} change
 * @returns {Run}
 */
export function changedRun(run, { run: state, spec_in_force, journal: { start, entries } }) {
  return {
    ...run,
    ...state,
    spec_in_force: /** @type {Run["spec_in_force"]} */ ({ ...run.spec_in_force, ...spec_in_force }),
    journal: [...run.journal.slice(0, start), ...entries],
  };
}
