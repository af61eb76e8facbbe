/** Connects the run on the page to its stream, and writes the stream's messages to the store. */

import { batch, effect } from "@preact/signals-core";
import { api, onSignedOut } from "../stream/api.js";
import { Connection } from "../stream/connection.js";
import { SeriesStore } from "../stream/series.js";
import { Pictures } from "../stream/watch.js";
import { isCommanded } from "./commanding.js";
import { record, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { OVER, SIGNED_OUT } from "./over.js";
import { settlePassing } from "./refused.js";
import * as store from "./store.js";
import { whose } from "./whose.js";
import { nameOf } from "./words.js";
import { same, withChanges } from "./written.js";

/**
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Described} Described
 * @typedef {import("./store.js").Written} Written
 */

const RECORD_EVERY = 1000; // ms

export const series = new SeriesStore();
export const pictures = new Pictures();

// All pictures follow the viewed step, whatever sets it.
effect(() => pictures.lookAt(store.viewedStep.value));

/** @type {Connection | null} */
let connection = null;
let recordedAt = 0;
/** Counts the stream's messages about the run's state: an answer requested before the latest is outdated. */
let heard = 0;
/** The run's status as last reported by the server, whatever a button shows in advance. */
let standing = /** @type {Run["status"]} */ ("queued");

/**
 * Puts a run on the page in place of the one before.
 * @param {Run} run
 * @param {Written} written  the chosen part of its spec
 * @param {Described} described
 * @param {string} [note]  how it differs from others, in a word or two
 */
export function show(run, written, described, note) {
  connection?.close();
  series.clear();
  heard += 1;
  standing = run.status;
  batch(() => {
    store.run.value = run;
    store.progress.value = progressOf(run);
    store.spec.value = run.spec_in_force;
    store.written.value = written;
    store.described.value = described;
    store.viewedStep.value = null;
    store.pending.value = {};
    store.errors.value = new Map();
    store.steps.value = [0];
    store.hovered.value = null;
    store.selected.value = null;
    store.failure.value = null;
    store.connection.value = "connecting";
  });
  recordRun({ note: note ?? recorded(run.id)?.note ?? run.name, opened: true });
  const opened = new Connection(run.id, handlersOf(run.id));
  connection = opened;
  pictures.attach(opened);
}

/** Leaves the page without a run. @param {import("../types/api.js").Problem} problem */
export function showNone(problem) {
  connection?.close();
  connection = null;
  pictures.attach(null);
  batch(() => {
    store.failure.value = problem;
    store.run.value = null;
    store.progress.value = null;
  });
}

/**
 * The handlers of one run's stream; late messages of a stream that was left are ignored.
 * @param {string} id
 * @returns {import("../stream/connection.js").Handlers}
 */
function handlersOf(id) {
  /** @template {unknown[]} A @param {(...args: A) => void} act */
  const current =
    (act) =>
    /** @param {A} args */
    (...args) => {
      if (store.run.value?.id === id) act(...args);
    };
  return {
    reborn: (run) => (store.run.value?.id === id ? cameBack(run) : series.cursor),
    run: current((run) => {
      heard += 1;
      told(run);
    }),
    progress: current((progress) => {
      heard += 1;
      standing = progress.status;
      const run = /** @type {Run} */ (store.run.value);
      const changed = progress.status !== run.status;
      batch(() => {
        store.progress.value = progress;
        if (changed) store.run.value = { ...run, status: progress.status };
      });
      const now = performance.now();
      // A run removed from the list stays off it, though its stream may still report progress.
      const listed = recorded(id) !== null;
      if (listed && (changed || now - recordedAt > RECORD_EVERY)) recordRun();
    }),
    rows: current((columns, rows) => series.append(columns, rows)),
    snapshots: current((steps) => {
      if (!same(steps, store.steps.value)) store.steps.value = steps;
    }),
    error: current((problem, command) => {
      // A card of its own reports that the run is gone.
      if (problem.code === "unknown_run") return;
      if (command?.kind === "set") showInForce();
      notifyProblem(problem);
    }),
    state: current(entered),
  };
}

/**
 * Handles a run that continues from its last snapshot after the server was cut off: later rows are invalid.
 * @param {Run} run
 * @returns {number} the last row that remains
 */
function cameBack({ step }) {
  const seen = Math.max(store.progress.value?.step ?? 0, series.value("step") || 0);
  series.cut(step);
  if (store.viewedStep.value !== null && store.viewedStep.value >= step) store.viewedStep.value = null;
  if (seen > step) {
    const [now, before] = [step, seen].map((one) => one.toLocaleString("en"));
    notify(`The server was cut off. This run is at step ${now} again, after step ${before}.`);
  }
  return series.cursor;
}

// One card reports a sign-out, whichever request was refused.
onSignedOut(() => entered("signed-out"));

/** @param {import("../stream/connection.js").State} state */
function entered(state) {
  store.connection.value = state;
  const over = OVER.get(state);
  if (over) store.failure.value = over;
  if (state !== "open") return;
  // A viewer who is signed in again continues with the same run.
  store.failure.value = null;
  // Remove every message about a server that did not answer.
  settlePassing();
}

/** Resets a control after a refusal to the value in force. */
function showInForce() {
  if (store.run.value && !store.changing.value) store.spec.value = store.run.value.spec_in_force;
}

/** @param {Run} run */
export function told(run) {
  standing = run.status;
  batch(() => {
    store.run.value = run;
    store.progress.value = progressOf(run);
    // A pace just chosen here is newer, until the server has answered.
    if (!isCommanded(run.id)) store.pace.value = run.pace;
    adopt(run);
  });
  recordRun();
}

/**
 * Applies the changes that a command's answer reports. The run's step and status come from the stream
 * alone, which may be ahead of an answer.
 * @param {Run} run
 */
export function answered({ id, spec_in_force, journal, pace }) {
  const known = store.run.value;
  if (known?.id !== id || journal.length < known.journal.length) return;
  store.run.value = { ...known, spec_in_force, journal, pace };
  adopt(store.run.value);
  recordRun();
}

/**
 * Shows a status at once, before the server confirms it.
 * @param {string} id
 * @param {Run["status"]} status
 */
export function pretend(id, status) {
  const { run, progress } = store;
  if (run.value?.id !== id) return;
  run.value = { ...run.value, status };
  if (progress.value) progress.value = { ...progress.value, status };
}

/** Reverts a status that was shown in advance. @param {string} id */
export function unpretend(id) {
  pretend(id, standing);
}

/**
 * Updates the form to the spec in force, whoever changed it, unless it has unsent changes.
 * @param {Run} run
 */
export function adopt(run) {
  const known = store.spec.value;
  const busy = store.changing.value || Object.keys(store.pending.value).length > 0;
  if (busy || !known || same(known, run.spec_in_force)) return;
  const catalogue = store.catalogue.value;
  const changes = Object.assign(
    {},
    ...run.journal.map(({ command }) => (command.kind === "set" ? command.changes : {})),
  );
  if (catalogue) {
    store.written.value = withChanges(catalogue, store.written.value, changes, run.spec_in_force);
  }
  store.spec.value = run.spec_in_force;
}

/** Fetches the state of the run on the page, after a refused command. */
export async function refreshRun() {
  const id = store.run.value?.id;
  if (!id) return;
  const before = heard;
  try {
    const run = await api.run(id);
    if (store.run.value?.id === id && heard === before) told(run);
  } catch {
    // The stream reports it if the run or the server is gone.
  }
}

/** @param {{note?: string, opened?: boolean}} [how]  an opened run is put on the list */
function recordRun({ note, opened = false } = {}) {
  const { run, progress, catalogue, written } = values();
  if (!run || !catalogue) return;
  recordedAt = performance.now();
  const before = recorded(run.id);
  const entry = {
    id: run.id,
    name: run.name || nameOf(catalogue, run.spec_in_force),
    note: note ?? before?.note ?? "",
    written,
    ...lossOf(progress?.metrics),
    step: progress?.step ?? run.step,
    at: before?.at ?? Date.now(),
    whose: whose.value,
  };
  record(entry, { opened });
}

/**
 * The loss shown for a run in the list: on test examples, if there are any.
 * @param {import("../types/api.js").Metrics} [metrics]
 * @returns {Pick<import("./store.js").Remembered, "loss" | "part">}
 */
export function lossOf({ test_loss: test = null, train_loss: train = null } = {}) {
  return test === null ? { loss: train, part: "train" } : { loss: test, part: "test" };
}

function values() {
  return {
    run: store.run.value,
    progress: store.progress.value,
    catalogue: store.catalogue.value,
    written: store.written.value,
  };
}

/** @param {Run} run @returns {import("../types/api.js").Progress} */
function progressOf({ status, step, epoch, steps_per_second, metrics }) {
  return { kind: "progress", status, step, epoch, steps_per_second, metrics };
}

/**
 * Pauses the stream while the page is hidden; resumes it at once on return or after a sleep.
 * @param {import("../stream/presence.js").News} news
 */
export function followPresence(news) {
  if (news === "asleep") connection?.rest();
  else if (news === "stale" || store.failure.value === SIGNED_OUT) connection?.renew();
  else connection?.wake();
}
