/** Sends the commands play, pause, step and speed to the run on the page. */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { isCommanded, send } from "./commanding.js";
import { changesSent } from "./editing.js";
import { remember } from "./memory.js";
import { notify, notifyProblem } from "./notices.js";
import { notifyNotCreated } from "./quota.js";
import { onPage, pending } from "./transitions.js";
import { continueFromViewed, needsFork } from "./earlier-steps.js";
import { playedRuns } from "./played-runs.js";
import { session } from "./session.js";
import { STEP_REASON, isGoing } from "./statuses.js";
import { stepOn, stopSteps } from "./stepping.js";
import { shown } from "./shown.js";
import * as store from "./store.js";
import { refuseIfWatched, notifyWatched } from "./watching.js";

/** @typedef {import("../types/api.js").Command} Command */
/** @typedef {import("../types/api.js").Run} Run */

/**
 * Continues training; if a past step is viewed, from that step. A run that has ended stays as it is, and
 * a fork continues from its end.
 */
export function play() {
  if (shown.failure.value) return explainFailure(shown.failure.value);
  const before = changesSent();
  return onPage(async (pass) => {
    const run = shown.run.value;
    if (!run) return;
    if (needsFork(run)) return (await continueFromViewed({ start: true })) !== null;
    if (refuseIfWatched()) return;
    stopSteps(run.id);
    await before;
    const told = enter(run, "running", { kind: "resume" });
    pass();
    await told;
  });
}

/**
 * Says why there is nothing to play, and what to do.
 * @param {import("../types/api.js").Problem} problem
 */
async function explainFailure(problem) {
  if (problem.code === "too_many") await notifyNotCreated(problem);
  else notify(sentences(problem));
  return false;
}

export function pause() {
  return onPage(async (pass) => {
    const run = shown.run.value;
    if (!run || refuseIfWatched() || run.status === "paused") return;
    stopSteps(run.id);
    const told = enter(run, "paused", { kind: "pause" });
    pass();
    await told;
  });
}

/** Plays or pauses, whichever the button shows now. */
export function toggle() {
  const playing = isGoing(shown.run.value?.status) && shown.viewedStep.value === null;
  return playing ? pause() : play();
}

/**
 * Trains a few steps, then pauses; a run that plays is paused first.
 * @param {{steps?: number, epochs?: number}} far
 */
export function step(far) {
  const before = changesSent();
  return onPage(async (pass) => {
    const run = shown.run.value;
    if (!run) return;
    let { id } = run;
    if (needsFork(run)) {
      const fork = await continueFromViewed({ start: false });
      if (fork === null) return false;
      id = fork;
    } else if (refuseIfWatched()) return;
    else if (run.status === "queued") return void notify(STEP_REASON);
    else if (playedRuns.has(id) && !(await enter(run, "paused", { kind: "pause" }))) return;
    await before;
    try {
      await stepOn(id, far, undefined, pass);
    } catch (thrown) {
      notifyProblem(asApiError(thrown));
    }
  });
}

/** Starts the run on the page, which waits, before the others of its group. */
export async function startNow() {
  const run = shown.run.value;
  if (!run || pending() || refuseIfWatched()) return;
  if ((await sendCommand(run.id, { kind: "resume" })) !== "queued") return;
  notify("As many runs train as are allowed at once. This one starts when one of them ends or pauses.");
}

/** @param {number | null} stepsPerSecond  null is unlimited */
export async function setPace(stepsPerSecond) {
  if (!pending() && refuseIfWatched()) return;
  shown.pace.value = stepsPerSecond;
  let obeyed = false;
  await onPage(async (pass) => {
    const run = shown.run.value;
    if (run && refuseIfWatched()) return;
    shown.pace.value = stepsPerSecond;
    const told = run && sendCommand(run.id, { kind: "pace", steps_per_second: stepsPerSecond });
    pass();
    obeyed = !run || (await told) !== null;
    if (obeyed) remember("pace", stepsPerSecond);
  });
  const run = shown.run.value;
  if (!obeyed && run && !isCommanded(run.id)) shown.pace.value = run.pace;
}

/**
 * Shows a status at once, and sends the command that leads to it.
 * @param {Run} run
 * @param {"running" | "paused"} status
 * @param {Command} message
 * @returns {Promise<boolean>} whether it was accepted, or is not needed
 */
async function enter({ id }, status, message) {
  if (status === "running") playedRuns.add(id);
  else playedRuns.delete(id);
  if (shown.run.value?.id === id && shown.run.value.status === status) return true;
  session.showStatus(id, status);
  if ((await sendCommand(id, message)) !== null) return true;
  // A later press replaces this one.
  if (isCommanded(id) || shown.run.value?.id !== id || shown.run.value.status !== status) return false;
  session.revertStatus(id);
  if (status === "running") playedRuns.delete(id);
  else if (shown.run.value.status === "running") playedRuns.add(id);
  return false;
}

/**
 * @param {string} id
 * @param {Command} message
 * @returns {Promise<Run["status"] | null>} the run's status if it was accepted, or is not needed
 */
async function sendCommand(id, message) {
  try {
    const { run } = await send(id, message);
    session.applyAnswer(run);
    return run.status;
  } catch (thrown) {
    const { status, problem } = asApiError(thrown);
    const here = shown.run.value?.id === id;
    if (problem.code === "not_yours" && here) await learnOwner();
    else if (status !== 409) notifyProblem(problem);
    else if (here) {
      await session.refresh();
      // Pausing a run that has just paused by itself is not an error worth a message.
      const wanted = { pause: "paused", resume: "running" }[String(message.kind)];
      if (shown.run.value?.status === wanted) return shown.run.value?.status ?? null;
      notifyProblem(problem);
    }
    return null;
  }
}

/** Updates the owner from the server: a browser that lost its cookie counts as another person. */
async function learnOwner() {
  store.me.value = await api.me().catch(() => store.me.value);
  notifyWatched();
}
