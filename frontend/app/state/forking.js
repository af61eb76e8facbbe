/** Makes forks, runs that continue from a step of another: for continuing, resetting and retrying. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { answerOf, send } from "./commanding.js";
import { forget, made } from "./history.js";
import { notify } from "./notices.js";
import { startTransition, SUCCESSION } from "./transitions.js";
import { playedRuns } from "./played-runs.js";
import { reopen } from "./reopening.js";
import { notifyNotCreated, withRoom } from "./quota.js";
import { session } from "./session.js";
import { stopSteps } from "./stepping.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import * as store from "./store.js";
import { differenceWords } from "./words.js";
import { isWatched, ownershipOf } from "./ownership.js";
import { differences, valueAt, withChanges } from "./spec-edits.js";

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("./transitions.js").Transition} Transition */
/**
 * `words` say what the fork is, by default from which step it continues.
 * @typedef {{changes: {[path: string]: any}, start: boolean, words?: string, keep?: boolean}} How
 */

/**
 * Makes a fork and shows it, or shows why that failed.
 * @param {number | null} at  null is the run's current step
 * @param {How} how
 * @returns {Promise<string | null>} the fork, once it is on the page
 */
export async function fork(at, how) {
  const transition = startTransition(SUCCESSION);
  try {
    return await makeFork(at, how, transition);
  } catch (thrown) {
    if (transition.current) void notifyNotCreated(asApiError(thrown).problem);
    return null;
  } finally {
    transition.end();
  }
}

/**
 * Makes a fork and shows it, unless another run was chosen meanwhile: the fork is then discarded. `keep`
 * gives it the present live settings, not those at the step of the fork.
 * @param {number | null} at
 * @param {How} how
 * @param {Transition} transition
 * @returns {Promise<string | null>} the fork, once it is on the page
 */
export async function makeFork(at, { changes, start, words, keep = false }, transition) {
  const rows = store.catalogue.value;
  if (!shown.run.value || !rows) return null;
  // A pending change holds in the fork as well.
  const answer = keep ? await answerOf(shown.run.value.id) : null;
  const from = answer?.run ?? shown.run.value;
  if (!from || !transition.current) return null;
  const watched = isWatched();
  const pace = shown.pace.value;
  let run = await withRoom(() => api.fork(from.id, { step: at, changes, start, pace }));
  let kept = false;
  try {
    if (keep && transition.current) run = await withSettingsOf(run, from);
    const then = differences(from.spec_in_force, run.spec_in_force);
    const all = Object.assign({}, ...then.map(({ path, to }) => ({ [path]: to })));
    const described = transition.current ? await api.describe(run.spec_in_force) : null;
    if (!transition.current || !described) return null;
    const written = withChanges(rows, shown.written.value, all, from.spec_in_force);
    const extra = differenceWords(rows, from.spec_in_force, run.spec_in_force);
    if (shown.run.value) pauseOwn(shown.run.value);
    made.add(run.id);
    if (start) playedRuns.add(run.id);
    transition.arrive(run.id);
    // A run that trains is forked at the step that it has reached when the server gets the request.
    const said = words ?? `from step ${(run.parent?.step ?? run.step).toLocaleString("en")}`;
    session.show(run, written, described, { note: [said, extra].filter(Boolean).join(", ") });
    kept = true;
    if (watched) notifyForked(said, extra, from.id);
    return run.id;
  } finally {
    if (!kept) void discard(run.id);
  }
}

/** Whether this page made the run on it, and nothing has happened to that run yet. */
export function isUntouched() {
  const run = shown.run.value;
  const step = shown.progress.value?.step ?? run?.step;
  return run !== null && made.has(run.id) && step === 0;
}

/** Deletes a run that nobody has seen or that never took a step. @param {string} id */
export async function discard(id) {
  forget(id);
  await api.deleteRun(id).catch(() => {});
}

/**
 * Pauses the viewer's own run when another replaces it on the page: the cores of a class are limited. A run of a group
 * goes on: the group is compared as a whole.
 * @param {Run} run
 */
export function pauseOwn({ id, owner, status, group }) {
  stopSteps(id);
  if (!isGoing(status) || group !== null || ownershipOf(store.me.value, owner) !== "own") return;
  send(id, { kind: "pause" }).catch(() => {}); // it may have paused or ended by itself
}

/** @param {string} words @param {string} extra @param {string} watched */
function notifyForked(words, extra, watched) {
  notify(`This run is yours. It continues ${words}${extra ? `, with ${extra}` : ""}.`, {
    topic: "ownership",
    action: { label: "Back to watching", act: () => void reopen(watched) },
  });
}

/**
 * Gives a new fork the present live settings of its parent: those at the step of the fork may have been
 * different.
 * @param {Run} run
 * @param {Run} from
 */
async function withSettingsOf(run, from) {
  const changes = {};
  for (const { path, to } of differences(run.spec_in_force, from.spec_in_force)) {
    Object.assign(changes, asLive(from, path, to));
  }
  if (!Object.keys(changes).length) return run;
  return (await send(run.id, { kind: "set", changes })).run;
}

/**
 * A difference as a live change: a schedule of another kind is sent with all its fields.
 * @param {Run} run
 * @param {string} path
 * @param {unknown} to
 */
function asLive(run, path, to) {
  if (!path.endsWith(".kind")) return { [path]: to };
  const section = path.slice(0, -".kind".length);
  const fields = Object.entries(valueAt(run.spec_in_force, section) ?? {});
  return Object.fromEntries(fields.map(([name, value]) => [`${section}.${name}`, value]));
}
