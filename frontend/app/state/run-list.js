/** The list of all runs on the server, which of them are selected, and what is done to these. Nothing here is drawn. */

import { batch, computed, signal } from "@preact/signals-core";
import { api } from "../stream/api.js";
import { ApiError, asApiError } from "../stream/api-error.js";
import { deleteRuns } from "./choosing.js";
import { inParts } from "./deletions.js";
import { forget } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { ownershipOf } from "./ownership.js";
import { MAX_PAGE, RunPages } from "./run-pages.js";
import { me } from "./store.js";

/**
 * @typedef {import("../types/api.js").Summary} Summary
 * @typedef {import("../stream/api.js").Parameters} Parameters
 */

export class RunList extends RunPages {
  /** The ids of selected runs. @type {import("@preact/signals-core").Signal<ReadonlySet<string>>} */
  chosen = signal(new Set());
  /** Whether all runs that match are selected, received or not. */
  whole = signal(false);
  /** The selected runs. */
  selection = computed(() => (this.runs.value ?? []).filter(({ id }) => this.chosen.value.has(id)));
  /** Whether the viewer may command all runs that match. */
  commandsAll = computed(() => {
    const { owner } = this.filters.value;
    return ownershipOf(me.value, "") !== "watched" || owner === "me" || owner === me.value?.id;
  });

  /** Whether the viewer may command, rename and delete a run. @param {Summary} run */
  commands = ({ owner }) => ownershipOf(me.value, owner) !== "watched";

  /** @param {string} id */
  toggle(id) {
    const chosen = new Set(this.chosen.value);
    if (!chosen.delete(id)) chosen.add(id);
    this.#choose(chosen);
  }

  /** Selects all runs that were received and that the viewer may command; none if all of them are selected. */
  toggleAll() {
    const able = (this.runs.value ?? []).filter(this.commands);
    this.#choose(able.length === this.selection.value.length ? [] : able.map(({ id }) => id));
  }

  /** Selects all runs that match, received or not. */
  chooseWhole() {
    this.whole.value = this.commandsAll.value;
  }

  /** Selects none. @override */
  clear() {
    this.#choose([]);
  }

  /** @param {Iterable<string>} ids */
  #choose(ids) {
    batch(() => {
      this.chosen.value = new Set(ids);
      this.whole.value = false;
    });
  }

  /** The number of selected runs. */
  count = computed(() => (this.whole.value ? this.total.value : this.selection.value.length));

  // What is done to the selected ones.

  /** The requests that a command or a deletion of the selection needs. @returns {Parameters[]} */
  #targets() {
    if (this.whole.value) return [[...this.conditions(), ["created_after", "0"]]]; // any parameter at all
    return inParts(this.selection.value);
  }

  /** Pauses those that train or wait for it. */
  async pause() {
    let paused = 0;
    /** @type {Parameters} */
    const going = this.whole.value && this.filters.value.status ? [] : [["status", "running"], ["status", "queued"]];
    await this.#attempt(async () => {
      for (const some of this.#targets()) {
        /** @type {Parameters} */
        const target = [...some, ...going];
        for (;;) {
          const { steps, errors } = await api.commandRuns(target, { kind: "pause" });
          const count = Object.keys(steps).length;
          paused += count;
          const [problem] = Object.values(errors);
          if (problem) throw new ApiError(409, problem);
          if (!this.whole.value || count < MAX_PAGE) break;
        }
      }
      notify(paused ? `Paused ${runsOf(paused)}.` : "None of these runs was training or waiting.");
    });
  }

  /** Adds a tag to each selected run. @param {string} tag */
  async tag(tag) {
    await this.#attempt(async () => {
      for (const run of this.selection.value) {
        if (!run.tags.includes(tag)) this.replace(await api.changeRun(run.id, { tags: [...run.tags, tag] }));
      }
    });
  }

  /**
   * Changes the name, the tags or the pin of one run.
   * @param {string} id
   * @param {Partial<Pick<Summary, "name" | "tags" | "pinned">>} changes
   */
  async change(id, changes) {
    await this.#attempt(async () => this.replace(await api.changeRun(id, changes)));
  }

  /** Deletes the selected runs that were received, after a while in which it can be undone. */
  remove() {
    const runs = this.selection.value;
    if (!runs.length) return;
    this.#choose([]);
    return deleteRuns(runs);
  }

  /** Deletes all runs that match, except pinned ones, at once and for good. */
  async removeWhole() {
    if (!this.whole.value) return;
    const [target = []] = this.#targets();
    let count = 0;
    await this.#attempt(async () => {
      for (let more = true; more; ) {
        const deleted = await api.deleteRuns(target);
        deleted.ids.forEach(forget);
        count += deleted.ids.length;
        more = deleted.more;
      }
    });
    this.#choose([]);
    notify(`Deleted ${runsOf(count)}.`);
  }

  /** @param {() => Promise<void>} act */
  async #attempt(act) {
    try {
      await act();
    } catch (thrown) {
      notifyProblem(asApiError(thrown).problem);
    }
    await this.refresh();
  }

}

/** @param {number} count */
export const runsOf = (count) => (count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`);

/** The list of this page: its query outlives the dialog. */
export const runList = new RunList();
