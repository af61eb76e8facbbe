/**
 * Changes of the spec. One that need not restart is sent to the run as it goes on; any other makes
 * a new run, and the old one stays among the runs of this browser. While one change is under way
 * the next ones wait together, so that a dragged slider sends as many as the server can take.
 */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { Turns } from "../stream/turns.js";
import { makeFork, restOwn } from "./forking.js";
import { forget, made } from "./history.js";
import { restarts } from "./knobs.js";
import { notify, notifyProblem } from "./notices.js";
import { reopen } from "./reopening.js";
import { sayNotMade } from "./room.js";
import { adopt, show, told } from "./session.js";
import * as store from "./store.js";
import { isWatched } from "./whose.js";
import { changeWords, nameOf } from "./words.js";
import { differences, same, valueAt, withChanges, withValue } from "./written.js";

/** @typedef {{[path: string]: any}} Changes */
/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("./store.js").Written} Written */

/** A dragged slider sends 20 changes a second at most: a server takes no more than some. */
const turns = new Turns(50);

/** @type {Changes} */
let waiting = {};
/**
 * What a new run is told apart from: the last one that took a step.
 * @type {{written: Written, spec: Spec} | null}
 */
let baseline = null;

/** @param {Changes} changes */
export async function edit(changes) {
  waiting = { ...waiting, ...changes };
  showAtOnce(changes);
  if (store.changing.value) return;
  store.changing.value = true;
  while (Object.keys(waiting).length) {
    await turns.next();
    const next = waiting;
    waiting = {};
    await apply(next);
  }
  store.changing.value = false;
  // What others did meanwhile shows now.
  if (store.run.value) adopt(store.run.value);
}

/**
 * The form shows a value before the server has it: nothing may jump back under the hand.
 * @param {Changes} changes
 */
function showAtOnce(changes) {
  if (store.spec.value) store.spec.value = withAll(store.spec.value, changes);
}

/** @param {Spec} spec @param {Changes} changes @returns {Spec} */
function withAll(spec, changes) {
  let shown = spec;
  for (const [path, value] of Object.entries(changes)) {
    if (valueAt(shown, path) === undefined || path.endsWith(".kind")) continue;
    shown = /** @type {Spec} */ (withValue(shown, path, value));
  }
  return shown;
}

/** @param {Changes} changes */
async function apply(changes) {
  store.errors.value = new Map();
  const anew = needsNewRun(changes);
  try {
    if (anew) await startAnew(changes);
    else if (store.viewedStep.value !== null || hasEnded(store.run.value)) postpone(changes);
    else if (isWatched()) await forkWith(changes);
    else await setLive(changes);
  } catch (thrown) {
    refuse(changes, asApiError(thrown).problem, anew || isWatched());
  }
}

/** @param {Changes} changes */
function needsNewRun(changes) {
  const { catalogue, run, spec, failure } = store;
  if (!run.value || failure.value) return true;
  const rows = catalogue.value;
  const filled = spec.value;
  if (!rows || !filled) return true;
  return Object.keys(changes).some((path) => restarts(rows, filled, path));
}

/** Whether a run takes no more commands. @param {import("../types/api.js").Run | null} run */
export function hasEnded(run) {
  return ["finished", "failed", "stopped"].includes(run?.status ?? "");
}

/**
 * Looking back, or at the end, a live change waits until one goes on from there.
 * @param {Changes} changes
 */
function postpone(changes) {
  store.pending.value = { ...store.pending.value, ...changes };
}

/**
 * Whoever turns a knob of somebody else's run wants to see what becomes of it: in a run of one's own,
 * from here.
 * @param {Changes} changes
 */
function forkWith(changes) {
  const { step = 0, status } = store.progress.value ?? {};
  const words = `from step ${step.toLocaleString("en")}`;
  return makeFork(null, { changes, start: status === "running", words });
}

/** @param {Changes} changes */
async function setLive(changes) {
  const run = store.run.value;
  const rows = store.catalogue.value;
  if (!run || !rows) return;
  const { run: now } = await api.command(run.id, { kind: "set", changes });
  if (store.run.value?.id !== run.id) return;
  store.written.value = withChanges(rows, store.written.value, changes, run.spec_in_force);
  // What waits is newer than what the server says: it must not be overwritten on the page.
  if (!Object.keys(waiting).length) told(now);
}

/** @param {Changes} changes */
async function startAnew(changes) {
  const rows = store.catalogue.value;
  if (!rows) return;
  const written = withChanges(rows, store.written.value, changes, store.run.value?.spec_in_force ?? {});
  await startRun(written, { say: true });
}

/**
 * Makes a run and shows it; it plays if the one before did.
 * @param {Written} written
 * @param {{say?: boolean}} [how]
 */
export async function startRun(written, { say = false } = {}) {
  const rows = store.catalogue.value;
  if (!rows) return;
  const before = store.run.value;
  const watched = isWatched();
  const playing = store.progress.value?.status === "running";
  store.starting.value = true;
  try {
    // Described first: what is refused is refused before anything is made.
    const described = await api.describe(written);
    const run = await api.createRun({
      spec: written,
      name: nameOf(rows, described.spec),
      start: playing,
      pace: store.pace.value,
    });
    const untouched = before && (store.progress.value?.step ?? before.step) === 0;
    if (before && !untouched) baseline = { written: store.written.value, spec: before.spec_in_force };
    const words = wordsFor(written, described.spec);
    show(run, written, described, words || nameOf(rows, described.spec));
    made.add(run.id);
    if (untouched && made.has(before.id)) void discard(before.id);
    else if (before) {
      restOwn(before);
      if (say) sayRestarted(words, before.id, watched);
    }
  } finally {
    store.starting.value = false;
  }
}

/**
 * What somebody chose that is new, in words: not the defaults that moved with it.
 * @param {Written} written
 * @param {import("../types/api.js").Spec} filled
 */
function wordsFor(written, filled) {
  const rows = store.catalogue.value;
  if (!rows) return "";
  const before = baseline ?? { written: {}, spec: rows.default };
  const chosen = differences(before.spec, filled).filter(
    ({ path }) => !same(valueAt(written, path), valueAt(before.written, path)),
  );
  return chosen.map((difference) => changeWords(rows, filled, difference)).join(", ");
}

/** @param {string} words @param {string} before @param {boolean} watched */
function sayRestarted(words, before, watched) {
  const said = watched
    ? `Started a run of your own${words ? `: ${words}` : ""}. The one you watched goes on.`
    : `Started anew${words ? `: ${words}` : ""}. The run before is kept.`;
  notify(said, {
    topic: watched ? "whose" : "anew",
    action: {
      label: watched ? "Back to watching" : "Back to it",
      act: () => void reopen(before),
    },
  });
}

/** A run that never took a step leaves nothing behind. @param {string} id */
async function discard(id) {
  forget(id);
  await api.deleteRun(id).catch(() => {});
}

/**
 * The form shows again what is in force, and why.
 * @param {Changes} changes
 * @param {import("../types/api.js").Problem} problem
 * @param {boolean} anew  whether it was a new run that was refused
 */
function refuse(changes, problem, anew) {
  const inForce = store.run.value?.spec_in_force;
  if (inForce) store.spec.value = withAll(inForce, store.pending.value);
  // That too much is asked for, or by nobody, is no fault of the value.
  if (problem.code === "too_many") return anew ? sayNotMade(problem) : notifyProblem(problem);
  if (problem.code === "unauthorized") return;
  const path = problem.path || Object.keys(changes)[0] || "";
  store.errors.value = new Map([[path, problem]]);
}
