/** Views past steps of a run, and continues from them in another run. */

import { hasEnded } from "./ended.js";
import { fork } from "./forking.js";
import { oncePerRun, onPage } from "./transitions.js";
import { shown } from "./shown.js";

/** @typedef {import("../types/api.js").Run} Run */

/** @param {number | null} at  a step, or null for live */
export function viewStep(at) {
  const now = shown.progress.value?.step ?? 0;
  shown.viewedStep.value = at === null || at >= now ? null : Math.max(0, Math.round(at));
  if (shown.viewedStep.value === null) discardPending();
}

function discardPending() {
  if (!Object.keys(shown.pending.value).length) return;
  shown.pending.value = {};
  if (shown.run.value) shown.spec.value = shown.run.value.spec_in_force;
}

/**
 * Continues from the viewed step in a new run.
 * @param {{start?: boolean}} [how]
 */
export function forkHere({ start = true } = {}) {
  return oncePerRun(async () => (await continueFromViewed({ start })) !== null);
}

/** @param {{start: boolean}} how @returns the run that continues, once it is on the page */
export function continueFromViewed({ start }) {
  const { run, viewedStep, progress, pending: waiting } = shown;
  const at = viewedStep.value ?? progress.value?.step ?? 0;
  // A run whose last step is here would end again at once.
  const end = run.value?.spec_in_force.training.steps ?? Infinity;
  const changes = at >= end ? { "training.steps": null, ...waiting.value } : waiting.value;
  return fork(at, { changes, start });
}

/** Whether continuing from the viewed step needs a new run. @param {Run} run */
export const needsFork = (run) => shown.viewedStep.value !== null || hasEnded(run);

/**
 * Retries after a divergence: from the last snapshot before it, with a smaller step.
 * @param {number} at
 * @param {{[path: string]: any}} changes
 */
export function retry(at, changes) {
  return oncePerRun(async () => (await fork(at, { changes, start: true })) !== null);
}

/** Resets to step 0 with the same initial weights; live changes since then hold from the start. */
export function reset() {
  return onPage(async () => {
    if (!shown.run.value) return;
    if (shown.progress.value?.step === 0) return viewStep(null);
    return (await fork(0, { changes: {}, start: false, words: "reset", keep: true })) !== null;
  });
}
