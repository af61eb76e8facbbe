/**
 * Applies changes of the spec. A live change is sent to the running run; any other change makes a new
 * run, and the old one stays among the runs of this browser. While one change is being sent, the next
 * ones are collected, so that a dragged slider sends as many as the server can take. Collected changes
 * belong to the form: they pass on to a run made from the one on the page, and to no other run.
 */

import { asApiError } from "../stream/api-error.js";
import { Turns } from "../stream/turns.js";
import { send } from "./commanding.js";
import { hasEnded } from "./ended.js";
import { makeFork } from "./forking.js";
import { restarts } from "./knobs.js";
import { notifyProblem } from "./notices.js";
import { inPageWords } from "./refusal-words.js";
import { startTransition, lineageOnPage, actionsSent, pending, SUCCESSION } from "./transitions.js";
import { notifyNotCreated } from "./quota.js";
import { session } from "./session.js";
import { startRun } from "./starting.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import * as store from "./store.js";
import { isWatched } from "./ownership.js";
import { same, valueAt, withChanges, withValue } from "./spec-edits.js";

/** @typedef {{[path: string]: any}} Changes */
/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("./transitions.js").Transition} Transition */

/**
 * The unsent changes of a form.
 * @typedef {object} Form
 * @property {object} lineage
 * @property {Changes} waiting
 * @property {PromiseWithResolvers<void> | null} sent  settles when the waiting changes have been sent
 * @property {Promise<unknown> | null} after  the actions given before the waiting changes
 * @property {boolean} sending
 * @property {Transition | null} transition  to the run that the changes make
 * @property {Run | null} run  that accepts the live changes; null if there is none
 */

/** A dragged slider sends at most 20 changes a second: the server limits the rate. */
const turns = new Turns(50);

/** @type {Form | null} */
let form = null;

/** @returns {Form} the form of the run on the page */
function formOnPage() {
  const lineage = lineageOnPage();
  if (form?.lineage !== lineage) {
    form = { lineage, waiting: {}, sent: null, after: null, sending: false, transition: null, run: null };
  }
  return form;
}

/** @param {Form} one */
const isOnPage = ({ lineage }) => lineage === lineageOnPage();

/**
 * Resolves when the changes that wait now have been sent, so that a later action takes effect after them.
 * Changes made meanwhile, as by a slider still being dragged, are not waited for.
 */
export async function changesSent() {
  if (form && isOnPage(form)) await form.sent?.promise;
}

/** @param {Changes} changes */
export async function edit(changes) {
  const way = pending();
  // A run with other settings is on its way: this form is about to be replaced.
  if (way && !way.kind.edits) return showAgain();
  const own = formOnPage();
  own.waiting = { ...own.waiting, ...changes };
  if (!own.sent) {
    own.sent = Promise.withResolvers();
    own.after = actionsSent();
  }
  showAtOnce(changes);
  if (!way && makesRun(changes)) own.transition = startTransition(SUCCESSION);
  // If a run is on its way, these changes are for that run alone.
  own.run = !way && mayControl() ? shown.run.value : null;
  if (own.sending) return;
  own.sending = true;
  shown.changing.value = true;
  try {
    while (Object.keys(own.waiting).length) await sendNext(own);
  } finally {
    own.sending = false;
    own.transition?.end();
    own.transition = null;
  }
  if (!isOnPage(own)) return;
  shown.changing.value = false;
  // Show the changes that others made meanwhile.
  if (shown.run.value) session.adoptSpec(shown.run.value);
}

/** @param {Form} own */
async function sendNext(own) {
  await turns.next();
  for (let way = pending(); isOnPage(own) && way?.kind.edits && way !== own.transition; way = pending()) {
    await way.ended;
  }
  await own.after;
  const { waiting, sent } = own;
  own.waiting = {};
  own.sent = null;
  const left = own.transition ? !own.transition.current : pending() !== null;
  if (left || !isOnPage(own)) {
    own.transition = null;
    await sendAfter(own, waiting);
  } else await apply(own, waiting);
  sent?.resolve();
  // Runs are made one after another: callers that wait for the resulting run wait for the last one.
  if (!own.transition || makesRun(own.waiting)) return;
  own.transition.end();
  own.transition = null;
}

/**
 * Another run was chosen before these changes could be sent: live changes still go to the run that they
 * were made for.
 * @param {Form} own
 * @param {Changes} changes
 */
async function sendAfter(own, changes) {
  const { run } = own;
  const rows = store.catalogue.value;
  const live = Object.entries(changes).filter(([path]) => run && rows && !restarts(rows, run.spec_in_force, path));
  if (!run || !live.length) return;
  try {
    await send(run.id, { kind: "set", changes: Object.fromEntries(live) });
  } catch (thrown) {
    notifyProblem(asApiError(thrown).problem);
  }
}

/** Resets the form to the spec in force. */
function showAgain() {
  if (shown.spec.value) shown.spec.value = { ...shown.spec.value };
}

/**
 * Shows a value in the form before the server has it, so that a control does not jump back while dragged.
 * @param {Changes} changes
 */
function showAtOnce(changes) {
  if (shown.spec.value) shown.spec.value = withAll(shown.spec.value, changes);
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

/** @param {Form} own @param {Changes} changes */
async function apply(own, changes) {
  shown.errors.value = new Map();
  const restart = needsNewRun(changes);
  const transition = makesRun(changes) ? (own.transition ??= startTransition(SUCCESSION)) : null;
  try {
    if (transition) await (restart ? startAnew(changes, transition) : forkWith(changes, transition));
    else if (mayControl()) await setLive(changes);
    else postpone(changes);
  } catch (thrown) {
    const { problem } = asApiError(thrown);
    if (transition && !transition.current) return;
    if (isOnPage(own)) refuse(changes, problem, transition !== null);
    else notifyProblem(problem);
  }
}

/** Whether the run on the page accepts a live change directly. */
function mayControl() {
  return shown.viewedStep.value === null && !hasEnded(shown.run.value) && !isWatched();
}

/** Whether these changes make a new run: one needs a restart, or the run is another person's. @param {Changes} changes */
function makesRun(changes) {
  if (!Object.keys(changes).length) return false;
  const past = shown.viewedStep.value !== null || hasEnded(shown.run.value);
  return needsNewRun(changes) || (isWatched() && !past);
}

/** @param {Changes} changes */
function needsNewRun(changes) {
  const { run, spec, failure } = shown;
  const { catalogue } = store;
  if (!run.value || failure.value) return true;
  const rows = catalogue.value;
  const filled = spec.value;
  if (!rows || !filled) return true;
  return Object.keys(changes).some((path) => restarts(rows, filled, path));
}

/**
 * Holds a live change back while a past step or an ended run is viewed, until training continues from there.
 * @param {Changes} changes
 */
function postpone(changes) {
  shown.pending.value = { ...shown.pending.value, ...changes };
}

/**
 * A change to another person's run is applied in a fork of it that belongs to the viewer, from the
 * present step.
 * @param {Changes} changes
 * @param {Transition} transition
 */
function forkWith(changes, transition) {
  return makeFork(null, { changes, start: isGoing(shown.progress.value?.status) }, transition);
}

/**
 * Sends a live change, unless all its values are in force: a slider gives its value while it is dragged and again
 * on release, and the journal has it once.
 * @param {Changes} changes
 */
async function setLive(changes) {
  const run = shown.run.value;
  const rows = store.catalogue.value;
  if (!run || !rows || isInForce(run, changes)) return;
  const { run: now } = await send(run.id, { kind: "set", changes });
  if (shown.run.value?.id !== run.id) return;
  shown.written.value = withChanges(rows, shown.written.value, changes, run.spec_in_force);
  session.applyAnswer(now);
}

/** @param {Run} run @param {Changes} changes */
function isInForce({ spec_in_force }, changes) {
  return Object.entries(changes).every(([path, value]) => same(valueAt(spec_in_force, path), value));
}

/** @param {Changes} changes @param {Transition} transition */
async function startAnew(changes, transition) {
  const rows = store.catalogue.value;
  if (!rows) return;
  const written = withChanges(rows, shown.written.value, changes, shown.run.value?.spec_in_force ?? {});
  await startRun(written, transition, { say: true });
}

/**
 * Resets the form to the spec in force and shows the reason.
 * @param {Changes} changes
 * @param {import("../types/api.js").Problem} problem
 * @param {boolean} newRun  whether the refused request was for a new run
 */
function refuse(changes, problem, newRun) {
  const inForce = shown.run.value?.spec_in_force;
  if (inForce) shown.spec.value = withAll(inForce, shown.pending.value);
  // A rate limit or a missing sign-in is not an error of the value.
  if (problem.code === "too_many") return newRun ? notifyNotCreated(problem) : notifyProblem(problem);
  if (problem.code === "unauthorized") return;
  const path = problem.path || Object.keys(changes)[0] || "";
  const { spec } = shown;
  const { catalogue } = store;
  const said = catalogue.value && spec.value ? inPageWords(catalogue.value, spec.value, problem) : problem;
  shown.errors.value = new Map([[path, said]]);
}
