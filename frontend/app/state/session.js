/**
 * Connects a run's state to the run's stream: a Session writes the stream's messages to its RunState. The page
 * has one for the run on it.
 */

import { batch, effect } from "@preact/signals-core";
import { api, onSignedOut } from "../stream/api.js";
import { Connection } from "../stream/connection.js";
import { isCommanded } from "./commanding.js";
import { made, record, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { leaving } from "./deletions.js";
import { END_PROBLEMS, deletedProblem, SIGNED_OUT } from "./stream-end.js";
import { clearTransientErrors } from "./refusals.js";
import { changedRun } from "./run-change.js";
import { shown } from "./shown.js";
import { me } from "./store.js";
import { LOCAL, ownershipOf } from "./ownership.js";
import { nameOf } from "./words.js";
import { same, withChanges } from "./spec-edits.js";

/**
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Described} Described
 * @typedef {import("./run-state.js").RunState} RunState
 * @typedef {import("./run-state.js").Written} Written
 */

const RECORD_EVERY = 1000; // ms

export class Session {
  /** @type {Connection | null} */
  #connection = null;
  #recordedAt = 0;
  /** Counts the stream's messages about the run: an answer requested before the latest is outdated. */
  #messages = 0;
  /** The run's status as last reported by the server, whatever a button shows in advance. */
  #status = /** @type {Run["status"]} */ ("queued");

  /** @param {RunState} state  filled by this session alone */
  constructor(state) {
    this.state = state;
    // All pictures follow the viewed step, whatever sets it.
    effect(() => state.pictures.lookAt(state.viewedStep.value));
    // One card reports a sign-out, whichever request was refused.
    onSignedOut(() => this.#entered("signed-out"));
  }

  /**
   * Shows a run in place of the one before.
   * @param {Run} run
   * @param {Written} written  the chosen part of its spec
   * @param {Described} described
   * @param {{note?: string | undefined, link?: Written | null}} [how]  `note`: how it differs from others, in
   *   a word or two; `link`: the settings of the link that it was made from
   */
  show(run, written, described, { note, link } = {}) {
    const { state } = this;
    this.#connection?.close();
    state.series.clear();
    this.#messages += 1;
    this.#status = run.status;
    batch(() => {
      state.run.value = run;
      state.progress.value = progressOf(run);
      state.spec.value = run.spec_in_force;
      state.written.value = written;
      state.described.value = described;
      state.viewedStep.value = null;
      state.pending.value = {};
      state.errors.value = new Map();
      state.steps.value = [0];
      state.hovered.value = null;
      state.selected.value = null;
      state.failure.value = null;
      state.unsaved.value = null;
      state.connection.value = "connecting";
    });
    this.#record({ note: note ?? recorded(run.id)?.note ?? run.name, link, opened: true });
    this.#connection = new Connection(run.id, this.#handlersOf(run.id));
    state.pictures.attach(this.#connection);
  }

  /** Leaves the page without a run. @param {import("../types/api.js").Problem} problem */
  showNone(problem) {
    const { state } = this;
    this.#connection?.close();
    this.#connection = null;
    state.pictures.attach(null);
    batch(() => {
      state.failure.value = problem;
      state.run.value = null;
      state.progress.value = null;
    });
  }

  /**
   * The handlers of one run's stream; late messages of a stream that was left are ignored.
   * @param {string} id
   * @returns {import("../stream/connection.js").Handlers}
   */
  #handlersOf(id) {
    const { state } = this;
    /** @template {unknown[]} A @param {(...args: A) => void} act */
    const current =
      (act) =>
      /** @param {A} args */
      (...args) => {
        if (state.run.value?.id === id) act(...args);
      };
    return {
      reborn: (run) => (state.run.value?.id === id ? this.#restored(run) : state.series.cursor),
      run: current((run) => {
        this.#messages += 1;
        this.update(run);
      }),
      change: current((change) => {
        this.#messages += 1;
        this.update(changedRun(/** @type {Run} */ (state.run.value), change));
      }),
      progress: current((progress) => this.#progressed(progress)),
      rows: current((columns, rows) => state.series.append(columns, rows)),
      snapshots: current((steps) => {
        if (!same(steps, state.steps.value)) state.steps.value = steps;
      }),
      error: current((problem, command) => {
        // A card of its own reports that the run is gone.
        if (problem.code === "unknown_run") return;
        if (command?.kind === "set") this.#showInForce();
        notifyProblem(problem);
      }),
      state: current((connection) => this.#entered(connection)),
      silence: current((seconds) => {
        state.silence.value = seconds;
      }),
    };
  }

  /** @param {import("../types/api.js").Progress} progress */
  #progressed(progress) {
    const { state } = this;
    this.#messages += 1;
    this.#status = progress.status;
    const run = /** @type {Run} */ (state.run.value);
    const changed = progress.status !== run.status;
    batch(() => {
      state.progress.value = progress;
      state.unsaved.value = progress.unsaved;
      if (changed) state.run.value = { ...run, status: progress.status };
    });
    const now = performance.now();
    // A run removed from the list stays off it, though its stream may still report progress.
    const listed = recorded(run.id) !== null;
    if (listed && (changed || now - this.#recordedAt > RECORD_EVERY)) this.#record();
  }

  /**
   * Handles a run that continues from its last snapshot after the server was cut off: later rows are invalid.
   * @param {Run} run
   * @returns {number} the last row that remains
   */
  #restored({ step }) {
    const { progress, series, viewedStep } = this.state;
    const seen = Math.max(progress.value?.step ?? 0, series.value("step") || 0);
    series.cut(step);
    if (viewedStep.value !== null && viewedStep.value >= step) viewedStep.value = null;
    if (seen > step) {
      const [now, before] = [step, seen].map((one) => one.toLocaleString("en"));
      notify(`The server stopped unexpectedly. This run is back at step ${now}; it had reached step ${before}.`);
    }
    return series.cursor;
  }

  /** @param {import("../stream/connection.js").State} connection */
  #entered(connection) {
    const { state } = this;
    state.connection.value = connection;
    const over = connection === "deleted" ? this.#deleted() : END_PROBLEMS.get(connection);
    if (over) state.failure.value = over;
    if (connection !== "open") return;
    // A viewer who is signed in again continues with the same run.
    state.failure.value = null;
    // Remove every message about a server that did not answer.
    clearTransientErrors();
  }

  #deleted() {
    const { id = "", owner = "" } = this.state.run.value ?? {};
    const listed = recorded(id) !== null;
    return deletedProblem(ownershipOf(me.value, owner), { listed, here: leaving.value.has(id), shared: me.value?.id !== LOCAL });
  }

  /** Resets a control after a refusal to the value in force. */
  #showInForce() {
    const { changing, run, spec } = this.state;
    if (run.value && !changing.value) spec.value = run.value.spec_in_force;
  }

  /** Takes over all that the server reports about the run. @param {Run} run */
  update(run) {
    const { state } = this;
    this.#status = run.status;
    batch(() => {
      state.run.value = run;
      state.progress.value = progressOf(run);
      // A pace just chosen here is newer, until the server has answered.
      if (!isCommanded(run.id)) state.pace.value = run.pace;
      this.adoptSpec(run);
    });
    this.#record();
  }

  /**
   * Applies the changes that a command's answer reports. The run's step and status come from the stream
   * alone, which may be ahead of an answer.
   * @param {Run} run
   */
  applyAnswer({ id, spec_in_force, journal, journal_version, pace }) {
    const { state } = this;
    const known = state.run.value;
    if (known?.id !== id || journal_version < known.journal_version) return;
    state.run.value = { ...known, spec_in_force, journal, journal_version, pace };
    this.adoptSpec(state.run.value);
    this.#record();
  }

  /**
   * Shows a status at once, before the server confirms it.
   * @param {string} id
   * @param {Run["status"]} status
   */
  showStatus(id, status) {
    const { run, progress } = this.state;
    if (run.value?.id !== id) return;
    run.value = { ...run.value, status };
    if (progress.value) progress.value = { ...progress.value, status };
  }

  /** Reverts a status that was shown in advance. @param {string} id */
  revertStatus(id) {
    this.showStatus(id, this.#status);
  }

  /**
   * Updates the form to the spec in force, whoever changed it, unless it has unsent changes.
   * @param {Run} run
   */
  adoptSpec({ journal, spec_in_force }) {
    const { catalogue, changing, pending, spec, written } = this.state;
    const unsent = changing.value || Object.keys(pending.value).length > 0;
    if (unsent || !spec.value || same(spec.value, spec_in_force)) return;
    const changes = Object.assign(
      {},
      ...journal.map(({ command }) => (command.kind === "set" ? command.changes : {})),
    );
    if (catalogue.value) {
      written.value = withChanges(catalogue.value, written.value, changes, spec_in_force);
    }
    spec.value = spec_in_force;
  }

  /** Fetches the state of the run, after a refused command. */
  async refresh() {
    const { run } = this.state;
    const id = run.value?.id;
    if (!id) return;
    const before = this.#messages;
    try {
      const fetched = await api.run(id);
      if (run.value?.id === id && this.#messages === before) this.update(fetched);
    } catch {
      // The stream reports it if the run or the server is gone.
    }
  }

  /**
   * @param {{note?: string, link?: Written | null | undefined, opened?: boolean}} [how]  an opened run is put
   *   on the list
   */
  #record({ note, link, opened = false } = {}) {
    const { catalogue, progress, written, run } = this.state;
    if (!run.value || !catalogue.value) return;
    this.#recordedAt = performance.now();
    const { id, name, owner, spec_in_force, step } = run.value;
    const before = recorded(id);
    const entry = {
      id,
      name: name || nameOf(catalogue.value, spec_in_force),
      note: note ?? before?.note ?? "",
      written: written.value,
      ...lossOf(progress.value?.metrics),
      step: progress.value?.step ?? step,
      at: before?.at ?? Date.now(),
      ownership: ownershipOf(me.value, owner),
      owner,
      made: made.has(id) || before?.made === true,
      link: link ?? before?.link ?? null,
    };
    record(entry, { opened });
  }

  /**
   * Pauses the stream while the page is hidden; resumes it at once on return or after a sleep.
   * @param {import("../stream/presence.js").News} news
   */
  followPresence(news) {
    if (news === "asleep") this.#connection?.rest();
    else if (news === "stale" || this.state.failure.value === SIGNED_OUT) this.#connection?.renew();
    else this.#connection?.wake();
  }
}

/**
 * The loss shown for a run in the list: on test examples, if there are any.
 * @param {import("../types/api.js").Metrics} [metrics]
 * @returns {Pick<import("./store.js").Remembered, "loss" | "part">}
 */
export function lossOf({ test_loss: test = null, train_loss: train = null } = {}) {
  return test === null ? { loss: train, part: "train" } : { loss: test, part: "test" };
}

/** @param {Run} run @returns {import("../types/api.js").Progress} */
function progressOf({ status, step, epoch, steps_per_second, metrics }) {
  return { kind: "progress", status, step, epoch, steps_per_second, metrics, unsaved: null };
}

/** The session of the run on the page. */
export const session = new Session(shown);
