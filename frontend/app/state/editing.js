/**
 * Changes of the spec. One that need not restart is sent to the run as it goes on; any other makes
 * a new run, and the old one stays among the runs of this browser. While one change is under way
 * the next ones wait together, so that a dragged slider sends as many as the server can take.
 */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { forget, made } from "./history.js";
import { restarts } from "./knobs.js";
import { notify } from "./notices.js";
import { show, told } from "./session.js";
import * as store from "./store.js";
import { changeWords, nameOf } from "./words.js";
import { differences, same, valueAt, withChanges, withValue } from "./written.js";

/** @typedef {{[path: string]: any}} Changes */
/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("./store.js").Written} Written */

/** @type {Changes} */
let waiting = {};
let busy = false;
/**
 * What a new run is told apart from: the last one that took a step.
 * @type {{written: Written, spec: Spec} | null}
 */
let baseline = null;

/** @param {Changes} changes */
export async function edit(changes) {
  waiting = { ...waiting, ...changes };
  showAtOnce(changes);
  if (busy) return;
  busy = true;
  while (Object.keys(waiting).length) {
    const next = waiting;
    waiting = {};
    await apply(next);
  }
  busy = false;
}

/**
 * The form shows a value before the server has it: nothing may jump back under the hand.
 * @param {Changes} changes
 */
function showAtOnce(changes) {
  let shown = store.spec.value;
  if (!shown) return;
  for (const [path, value] of Object.entries(changes)) {
    if (valueAt(shown, path) === undefined || path.endsWith(".kind")) continue;
    shown = /** @type {import("../types/api.js").Spec} */ (withValue(shown, path, value));
  }
  store.spec.value = shown;
}

/** @param {Changes} changes */
async function apply(changes) {
  store.errors.value = new Map();
  try {
    if (needsNewRun(changes)) await startAnew(changes);
    else if (store.viewedStep.value !== null || hasEnded(store.run.value)) postpone(changes);
    else await setLive(changes);
  } catch (thrown) {
    refuse(changes, asApiError(thrown));
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

/** @param {Changes} changes */
async function setLive(changes) {
  const run = store.run.value;
  const rows = store.catalogue.value;
  if (!run || !rows) return;
  await api.command(run.id, { kind: "set", changes });
  const now = await api.run(run.id);
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
    else if (before && say) sayRestarted(words, before.id);
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

/** @param {string} words @param {string} before */
function sayRestarted(words, before) {
  notify(`Started anew${words ? `: ${words}` : ""}. The run before is kept.`, {
    action: { label: "Back to it", act: () => void reopen(before) },
  });
}

/** @type {(id: string) => Promise<void>} */
let reopen = async () => {};

/**
 * How a notice opens a run again; actions.js says, which imports this file.
 * @param {typeof reopen} open
 */
export function reopenWith(open) {
  reopen = open;
}

/** A run that never took a step leaves nothing behind. @param {string} id */
async function discard(id) {
  forget(id);
  await api.deleteRun(id).catch(() => {});
}

/**
 * @param {Changes} changes
 * @param {import("../stream/api-error.js").ApiError} problem
 */
function refuse(changes, problem) {
  const path = problem.path || Object.keys(changes)[0] || "";
  store.errors.value = new Map([[path, problem]]);
  const inForce = store.run.value?.spec_in_force;
  if (inForce) store.spec.value = inForce;
}
