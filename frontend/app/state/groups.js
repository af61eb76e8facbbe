/** A group of runs that is compared on the page, and the list of groups. Nothing here is drawn. */

import { batch, computed, signal } from "@preact/signals-core";
import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { presence } from "../stream/presence.js";
import { replaceDeleted } from "./choosing.js";
import { inParts } from "./deletions.js";
import { notify, notifyProblem } from "./notices.js";
import { ownershipOf } from "./ownership.js";
import { isGoing } from "./statuses.js";
import { me } from "./store.js";

/**
 * @typedef {import("../types/api.js").GroupDocument} GroupDocument
 * @typedef {import("../types/api.js").GroupRun} GroupRun
 * @typedef {import("../types/api.js").GroupSummary} GroupSummary
 * @typedef {import("../types/api.js").GroupTable} GroupTable
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("../stream/api.js").Parameters} Parameters
 * @typedef {{finished: number, training: number, waiting: number, paused: number, diverged: number, stopped: number, all: number}} Counts
 */

const REFRESH = 1000; // ms
const LIST_REFRESH = 3000; // ms
const LISTED = 50; // groups
/** The metrics that are compared by default, the first that the runs have. */
const DEFAULT_METRICS = ["test_loss", "train_loss"];
const FIRST_METRIC = "test_loss";

/** The group that is shown over the page, by its id. @type {import("@preact/signals-core").Signal<string | null>} */
export const groupShown = signal(null);

/** The groups that were deleted on this page. @type {Set<string>} */
const deleted = new Set();

/** @param {string | null} id */
export const isDeleted = (id) => id !== null && deleted.has(id);

/** Whether a text, as from an address, can be a group's id. */
const isId = (/** @type {string} */ text) => /^[\w-]{1,64}$/.test(text);

/** @type {Problem} */
const NO_ID = {
  code: "no_such_address",
  message: "There is no group with this address",
  path: "",
  hint: "Ask its sender for the whole link, or choose a group of the list of all runs.",
};

/** A group that is open: it is requested again while its runs train or wait. */
export class GroupView {
  /** @type {import("@preact/signals-core").Signal<GroupDocument | null>} */
  group = signal(null);
  /** @type {import("@preact/signals-core").Signal<GroupSummary | null>} */
  summary = signal(null);
  /** @type {import("@preact/signals-core").Signal<GroupTable | null>} */
  table = signal(null);
  /** Why the last request was refused. @type {import("@preact/signals-core").Signal<Problem | null>} */
  problem = signal(null);
  /** The chosen metric; "" is the default one. */
  chosen = signal("");
  /** Its runs, in the order of the grid. @type {import("@preact/signals-core").ReadonlySignal<GroupRun[]>} */
  runs = computed(() => this.summary.value?.places.flatMap(({ runs }) => runs) ?? []);
  counts = computed(() => countsOf(this.runs.value));
  /** Whether the viewer may command and delete it. */
  commands = computed(() => ownershipOf(me.value, this.group.value?.owner ?? "") !== "watched");
  #open = true;
  /** Counts the requests: an answer to an earlier one is dropped. */
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} id */
  constructor(id) {
    this.id = id;
  }

  close() {
    this.#open = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  /** @param {string} metric */
  compare(metric) {
    this.chosen.value = metric;
    return this.refresh();
  }

  /** Requests its document once, and its summary and table each time. @returns {Promise<void>} */
  async refresh() {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const current = () => turn === this.#turn;
    if (!isId(this.id)) {
      this.problem.value = NO_ID;
      return;
    }
    try {
      const [group, summary, table] = await Promise.all([
        this.group.value ?? api.group(this.id),
        api.groupSummary(this.id, this.#metric()),
        api.groupTable(this.id),
      ]);
      if (!current()) return;
      batch(() => {
        this.group.value = group;
        this.summary.value = summary;
        this.table.value = table;
        this.problem.value = null;
      });
      if (summary.metrics.length && summary.metric !== this.#metric()) return await this.refresh();
    } catch (thrown) {
      if (!current()) return;
      this.problem.value = asApiError(thrown).problem;
    }
    this.#schedule();
  }

  /** The chosen metric, or a loss that the runs have. */
  #metric() {
    const there = this.summary.value?.metrics ?? [];
    return this.chosen.value || (DEFAULT_METRICS.find((name) => there.includes(name)) ?? there[0] ?? FIRST_METRIC);
  }

  #schedule() {
    const { code } = this.problem.value ?? {};
    const rests = !code && !this.runs.value.some(({ status }) => isGoing(status));
    if (!this.#open || rests || code === "unknown_group") return;
    const again = () => (presence().awake ? void this.refresh() : this.#schedule());
    this.#timer = setTimeout(again, REFRESH);
  }

  /** Pauses its runs that train or wait. */
  pause() {
    return this.#command([[["status", "running"], ["status", "queued"]]], "pause");
  }

  /** Queues its paused runs again, without those that diverged. */
  resume() {
    const paused = this.runs.value.filter(({ status, error }) => status === "paused" && error !== "diverged");
    const ids = paused.map(({ run }) => ({ id: run }));
    return this.#command(inParts(ids).map((part) => [...part, ["status", "paused"]]), "resume");
  }

  /** @param {Parameters[]} targets @param {"pause" | "resume"} kind */
  async #command(targets, kind) {
    try {
      for (const target of targets) {
        const { errors } = await api.commandRuns([["group", this.id], ...target], { kind });
        // A run that has ended meanwhile, say, is not an error worth a message.
        const problem = Object.values(errors).find(({ code }) => code !== "wrong_state");
        if (problem) notifyProblem(problem);
      }
    } catch (thrown) {
      notifyProblem(asApiError(thrown).problem);
    }
    await this.refresh();
  }

  /** Deletes it with its runs. @returns {Promise<boolean>} whether it is gone */
  async remove() {
    const { name = "" } = this.group.value ?? {};
    const runs = this.runs.value;
    try {
      await api.deleteGroup(this.id);
    } catch (thrown) {
      const { problem } = asApiError(thrown);
      if (problem.code !== "unknown_group") {
        notifyProblem(problem);
        return false;
      }
    }
    deleted.add(this.id);
    notify(`Deleted the group “${name}” and its ${runs.length === 1 ? "run" : `${runs.length} runs`}.`);
    await replaceDeleted(runs.map(({ run }) => run));
    return true;
  }
}

/** How many runs are in which state; one that diverged is not counted as paused. @param {GroupRun[]} runs @returns {Counts} */
export function countsOf(runs) {
  const of = (/** @type {(run: GroupRun) => boolean} */ is) => runs.filter(is).length;
  return {
    finished: of(({ status }) => status === "finished"),
    training: of(({ status }) => status === "running"),
    waiting: of(({ status }) => status === "queued"),
    paused: of(({ status, error }) => status === "paused" && error !== "diverged"),
    diverged: of(({ error }) => error === "diverged"),
    stopped: of(({ status, error }) => (status === "failed" || status === "stopped") && error !== "diverged"),
    all: runs.length,
  };
}

/** "12 of 75 finished, 3 training, 60 waiting" @param {Counts} counts */
export function progressWords({ finished, training, waiting, paused, diverged, stopped, all }) {
  const some = (/** @type {number} */ count, /** @type {string} */ word) =>
    count ? [`${count.toLocaleString("en")} ${word}`] : [];
  return [
    `${finished.toLocaleString("en")} of ${all.toLocaleString("en")} finished`,
    ...some(training, "training"),
    ...some(waiting, "waiting"),
    ...some(paused, "paused"),
    ...some(diverged, "diverged"),
    ...some(stopped, "stopped"),
  ].join(", ");
}

/** The groups of this server, newest first, as far as they were requested. */
export class GroupList {
  /** null before the first answer. @type {import("@preact/signals-core").Signal<GroupDocument[] | null>} */
  groups = signal(null);
  /** The cursor of the next page. @type {import("@preact/signals-core").Signal<string | null>} */
  next = signal(null);
  /** @type {import("@preact/signals-core").Signal<Problem | null>} */
  problem = signal(null);
  #open = false;
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** The name of a group; "" if it is unknown. @param {string} id */
  nameOf = (id) => this.groups.value?.find((one) => one.id === id)?.name ?? "";

  open() {
    this.#open = true;
    return this.refresh();
  }

  close() {
    this.#open = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.problem.value = null;
  }

  /** Requests all that are held again. */
  refresh() {
    return this.#request(Math.max(LISTED, this.groups.value?.length ?? 0), [], []);
  }

  /** Requests the next page. */
  async more() {
    const cursor = this.next.value;
    if (cursor !== null) await this.#request(LISTED, [["cursor", cursor]], this.groups.value ?? []);
  }

  /** @param {number} limit @param {Parameters} from @param {GroupDocument[]} before */
  async #request(limit, from, before) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    try {
      const page = await api.groups([["limit", String(Math.min(200, limit))], ...from]);
      if (turn !== this.#turn) return;
      batch(() => {
        this.groups.value = [...before, ...page.groups];
        this.next.value = page.next;
        this.problem.value = null;
      });
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem.value = asApiError(thrown).problem;
    }
    this.#schedule();
  }

  #schedule() {
    if (!this.#open) return;
    const again = () => (presence().awake ? void this.refresh() : this.#schedule());
    this.#timer = setTimeout(again, LIST_REFRESH);
  }
}

/** The list of this page. */
export const groupList = new GroupList();
