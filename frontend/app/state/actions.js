/** The verbs of the page. Controls, network, panels and shortcuts call these and nothing below. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { edit, hasEnded, startRun } from "./editing.js";
import { fork } from "./forking.js";
import { forget, recorded } from "./history.js";
import { remember } from "./memory.js";
import { notify, notifyProblem, sentences } from "./notices.js";
import { reopenWith } from "./reopening.js";
import { sayNotMade } from "./room.js";
import { refreshRun, refreshSteps, show, showNone } from "./session.js";
import { stepOn } from "./stepping.js";
import * as store from "./store.js";
import { traced } from "./trace.js";
import { makeYours, onlyWatched, sayWatched } from "./watching.js";

/** @typedef {import("../types/api.js").Command} Command */
/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("./store.js").Written} Written */

/** The run that was told to play here: a step's few moments of running are not meant. */
let played = /** @type {string | null} */ (null);

/** @param {string} path @param {unknown} value */
export function change(path, value) {
  return edit({ [path]: value });
}

/** @param {{[path: string]: unknown}} changes */
export function changeMany(changes) {
  return edit(changes);
}

/**
 * Trains on; looking back, from the step that is looked at. A run that has ended stays as it is, and
 * another goes on from its end.
 */
export async function play() {
  const { run, viewedStep } = store;
  if (!run.value) return;
  if (viewedStep.value !== null || hasEnded(run.value)) return forkHere();
  if (onlyWatched()) return;
  played = run.value.id;
  await enter("running", { kind: "resume" });
}

export async function pause() {
  if (!store.run.value || onlyWatched()) return;
  played = null;
  await enter("paused", { kind: "pause" });
}

/** Plays or pauses, whichever is due. */
export function toggle() {
  const playing = store.run.value?.status === "running" && store.viewedStep.value === null;
  return playing ? pause() : play();
}

/**
 * A few steps, then a pause; a run that plays is paused first.
 * @param {{steps?: number, epochs?: number}} far
 */
export async function step(far) {
  const { run, viewedStep } = store;
  if (!run.value) return;
  if (viewedStep.value !== null || hasEnded(run.value)) await forkHere({ start: false });
  else if (onlyWatched()) return;
  else if (played === run.value.id) await pause();
  try {
    await stepOn(run.value.id, far);
  } catch (thrown) {
    notifyProblem(asApiError(thrown));
  }
}

/** @param {number | null} stepsPerSecond  null is as fast as it goes */
export async function setPace(stepsPerSecond) {
  if (onlyWatched()) return;
  store.pace.value = stepsPerSecond;
  remember("pace", stepsPerSecond);
  if (store.run.value) await command({ kind: "pace", steps_per_second: stepsPerSecond });
}

/** Back to step 0 with the same weights; live changes since then hold from the start. */
export async function reset() {
  const run = store.run.value;
  if (!run) return;
  if (store.progress.value?.step === 0) return lookAt(null);
  await fork(0, { changes: {}, start: false, words: "reset", keep: true });
}

/** Other weights, the same settings. */
export function newSeed() {
  const seed = store.spec.value?.seed ?? 0;
  return change("seed", (seed + 1) % (store.catalogue.value?.seed.max ?? 2 ** 31));
}

/** @param {number | null} at  a step, or null for live */
export function lookAt(at) {
  const now = store.progress.value?.step ?? 0;
  store.viewedStep.value = at === null || at >= now ? null : Math.max(0, Math.round(at));
  if (store.viewedStep.value === null) discardPending();
}

function discardPending() {
  if (!Object.keys(store.pending.value).length) return;
  store.pending.value = {};
  if (store.run.value) store.spec.value = store.run.value.spec_in_force;
}

/**
 * Goes on from the step that is looked at, in a run of its own.
 * @param {{start?: boolean}} [how]
 */
export async function forkHere({ start = true } = {}) {
  const { run, viewedStep, progress, pending } = store;
  const at = viewedStep.value ?? progress.value?.step ?? 0;
  // A run that was to end here would end at once again.
  const end = run.value?.spec_in_force.training.steps ?? Infinity;
  const changes = at >= end ? { "training.steps": null, ...pending.value } : pending.value;
  await fork(at, { changes, start, words: `from step ${at.toLocaleString("en")}` });
}

/**
 * After a divergence: back to the last snapshot before it, with a smaller step.
 * @param {number} at
 * @param {{[path: string]: any}} changes
 */
export function retry(at, changes) {
  return fork(at, { changes, start: true, words: `from step ${at.toLocaleString("en")}` });
}

export { hasEnded, makeYours };

/** @param {string} id */
export async function openRun(id) {
  try {
    const run = await api.run(id);
    const known = recorded(id);
    const { written, described } = await traced(run.spec_in_force, known?.written ?? {});
    store.pace.value = run.pace;
    show(run, written, described, known?.note);
  } catch (thrown) {
    const problem = asApiError(thrown);
    const known = recorded(id)?.written;
    if (problem.status === 404 && known && store.run.value) {
      forget(id);
      notify("That run is no longer on the server: it starts again with its settings.");
      await newRun(known);
    } else if (problem.status === 404) {
      store.written.value = known ?? store.written.value;
      showNone({ code: "gone", message: "There is no such run on this server", path: "", hint: "" });
    } else if (store.run.value) notifyProblem(problem);
    else showNone(problem.problem);
  }
}
reopenWith(openRun);

/**
 * A new run. Where it is refused and there is none yet, as with a link that somebody edited, the
 * default one takes its place, and what was refused is said.
 * @param {Written} document  a spec, any part of one
 */
export async function newRun(document) {
  try {
    await startRun(document);
  } catch (thrown) {
    const problem = asApiError(thrown);
    if (store.run.value) return sayNotMade(problem.problem);
    const refused = problem.status === 422 && Object.keys(document).length > 0;
    if (!refused) return showNone(problem.problem);
    await newRun({});
    notify(`The default settings are shown: ${sentences(problem)}`, { tone: "bad" });
  }
}

/**
 * Deletes a run from the server and from the list; somebody else's leaves the list alone.
 * @param {string} id
 */
export async function deleteRun(id) {
  const current = store.run.value?.id === id;
  try {
    if (recorded(id)?.whose !== "watched") await api.deleteRun(id);
  } catch (thrown) {
    const problem = asApiError(thrown);
    if (problem.status !== 404 && problem.code !== "not_yours") return notifyProblem(problem);
  }
  forget(id);
  if (!current) return;
  const next = store.runs.value[0];
  if (next) await openRun(next.id);
  else await newRun(store.written.value);
}

/**
 * The button answers at once; the server's word follows.
 * @param {Run["status"]} status
 * @param {Command} message
 */
async function enter(status, message) {
  const before = store.run.value;
  setStatus(status);
  if (await command(message)) return;
  const now = store.run.value;
  if (before && now?.id === before.id && now.status === status) setStatus(before.status);
}

/** @param {Command} message @returns {Promise<boolean>} whether it was obeyed, or need not be */
export async function command(message) {
  const run = store.run.value;
  if (!run) return false;
  try {
    await api.command(run.id, message);
    return true;
  } catch (thrown) {
    const { status, problem } = asApiError(thrown);
    if (problem.code === "not_yours") await notMine();
    else if (status !== 409) notifyProblem(problem);
    else {
      await refreshRun();
      // To pause what has just paused by itself is no mistake that anybody needs to hear of.
      const wanted = { pause: "paused", resume: "running" }[String(message.kind)];
      if (store.run.value?.status === wanted) return true;
      notifyProblem(problem);
    }
    return false;
  }
}

/** The server knows better whose a run is: a browser that forgot its cookie is somebody else. */
async function notMine() {
  store.me.value = await api.me().catch(() => store.me.value);
  sayWatched();
}

/** @param {Run["status"]} status */
function setStatus(status) {
  const { run, progress } = store;
  if (run.value) run.value = { ...run.value, status };
  if (progress.value) progress.value = { ...progress.value, status };
  if (status !== "running") void refreshSteps();
}

/**
 * Says at a control that what was typed there cannot be; nothing is sent.
 * @param {string} path
 * @param {string} message
 * @param {string} hint
 */
export function complain(path, message, hint) {
  const problem = { code: "typed", message, path, hint };
  store.errors.value = new Map([[path, problem]]);
}
