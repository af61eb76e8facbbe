/** Sends the commands play, pause, step and speed to the run on the page. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { isCommanded, send } from "./commanding.js";
import { changesSent } from "./editing.js";
import { remember } from "./memory.js";
import { notifyProblem } from "./notices.js";
import { onPage, pending } from "./ordering.js";
import { goOn, isPast } from "./past.js";
import { played } from "./played.js";
import { session } from "./session.js";
import { stepOn, stopSteps } from "./stepping.js";
import { shown } from "./shown.js";
import * as store from "./store.js";
import { onlyWatched, sayWatched } from "./watching.js";

/** @typedef {import("../types/api.js").Command} Command */
/** @typedef {import("../types/api.js").Run} Run */

/**
 * Continues training; if a past step is viewed, from that step. A run that has ended stays as it is, and
 * a fork continues from its end.
 */
export function play() {
  const before = changesSent();
  return onPage(async (pass) => {
    const run = shown.run.value;
    if (!run) return;
    if (isPast(run)) return (await goOn({ start: true })) !== null;
    if (onlyWatched()) return;
    stopSteps(run.id);
    await before;
    const told = enter(run, "running", { kind: "resume" });
    pass();
    await told;
  });
}

export function pause() {
  return onPage(async (pass) => {
    const run = shown.run.value;
    if (!run || onlyWatched() || run.status === "paused") return;
    stopSteps(run.id);
    const told = enter(run, "paused", { kind: "pause" });
    pass();
    await told;
  });
}

/** Plays or pauses, whichever the button shows now. */
export function toggle() {
  const playing = shown.run.value?.status === "running" && shown.viewedStep.value === null;
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
    if (isPast(run)) {
      const fork = await goOn({ start: false });
      if (fork === null) return false;
      id = fork;
    } else if (onlyWatched()) return;
    else if (played.has(id) && !(await enter(run, "paused", { kind: "pause" }))) return;
    await before;
    try {
      await stepOn(id, far, undefined, pass);
    } catch (thrown) {
      notifyProblem(asApiError(thrown));
    }
  });
}

/** @param {number | null} stepsPerSecond  null is unlimited */
export async function setPace(stepsPerSecond) {
  if (!pending() && onlyWatched()) return;
  shown.pace.value = stepsPerSecond;
  let obeyed = false;
  await onPage(async (pass) => {
    const run = shown.run.value;
    if (run && onlyWatched()) return;
    shown.pace.value = stepsPerSecond;
    const told = run && obey(run.id, { kind: "pace", steps_per_second: stepsPerSecond });
    pass();
    obeyed = (await told) ?? true;
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
  if (status === "running") played.add(id);
  else played.delete(id);
  if (shown.run.value?.id === id && shown.run.value.status === status) return true;
  session.showStatus(id, status);
  if (await obey(id, message)) return true;
  // A later press replaces this one.
  if (isCommanded(id) || shown.run.value?.id !== id || shown.run.value.status !== status) return false;
  session.revertStatus(id);
  if (status === "running") played.delete(id);
  else if (shown.run.value.status === "running") played.add(id);
  return false;
}

/** @param {string} id @param {Command} message @returns {Promise<boolean>} whether accepted, or not needed */
async function obey(id, message) {
  try {
    session.applyAnswer((await send(id, message)).run);
    return true;
  } catch (thrown) {
    const { status, problem } = asApiError(thrown);
    const here = shown.run.value?.id === id;
    if (problem.code === "not_yours" && here) await notMine();
    else if (status !== 409) notifyProblem(problem);
    else if (here) {
      await session.refresh();
      // Pausing a run that has just paused by itself is not an error worth a message.
      const wanted = { pause: "paused", resume: "running" }[String(message.kind)];
      if (shown.run.value?.status === wanted) return true;
      notifyProblem(problem);
    }
    return false;
  }
}

/** Updates the owner from the server: a browser that lost its cookie counts as another person. */
async function notMine() {
  store.me.value = await api.me().catch(() => store.me.value);
  sayWatched();
}
