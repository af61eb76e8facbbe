/**
 * The pages of a list of runs that were requested, by a query that the server answers. Only these are held,
 * however many runs there are.
 */

import { batch, computed, signal } from "@preact/signals-core";
import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { presence } from "../stream/presence.js";
import { leaving } from "./deletions.js";
import { same } from "./spec-edits.js";

/**
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("../types/api.js").Summary} Summary
 * @typedef {import("../stream/api.js").Parameters} Parameters
 * @typedef {{name: string, status: string, family: string, owner: string, tag: string, group: string}} Filters  "" matches
 *   all; the owner "me" is the viewer
 * @typedef {{rows: number, points: number[][]}} Curve  of a run that had so many rows
 */

export const PAGE = 50; // runs
/** The most runs that the server puts in a page. */
export const MAX_PAGE = 500;
/** The most runs of one request for curves. */
const MAX_IDS = 100;
const REFRESH = 3000; // ms; for each page held, so that a long list is not requested more often
const TYPING = 200; // ms without a key, after which a search is sent

/** @type {Filters} */
const NO_FILTERS = { name: "", status: "", family: "", owner: "", tag: "", group: "" };
export const NEWEST_FIRST = "-created_at";

export class RunPages {
  /** @type {import("@preact/signals-core").Signal<Filters>} */
  filters = signal(NO_FILTERS);
  order = signal(NEWEST_FIRST);
  /** What has been received; null before the first answer. @type {import("@preact/signals-core").Signal<Summary[] | null>} */
  received = signal(null);
  /** The number of all that match. */
  matching = signal(0);
  /** Why the last request was refused. @type {import("@preact/signals-core").Signal<Problem | null>} */
  problem = signal(null);
  /** What is being requested: another query, or another page. @type {import("@preact/signals-core").Signal<"" | "query" | "page">} */
  busy = signal("");
  /** The cursor of the next page. @type {import("@preact/signals-core").Signal<string | null>} */
  next = signal(null);
  /** @type {import("@preact/signals-core").Signal<ReadonlyMap<string, Curve>>} */
  curves = signal(new Map());
  /** Owners and tags that have been seen in the list, to choose from. @type {import("@preact/signals-core").Signal<{owners: string[], tags: string[]}>} */
  seen = signal({ owners: [], tags: [] });

  /** The runs to show: without those whose deletion can still be undone. */
  runs = computed(() => this.received.value?.filter(({ id }) => !leaving.value.has(id)) ?? null);
  total = computed(() => {
    const hidden = (this.received.value?.length ?? 0) - (this.runs.value?.length ?? 0);
    return Math.max(0, this.matching.value - hidden);
  });
  isFiltered = computed(() => Object.values(this.filters.value).some(Boolean));
  /** Counts the requests: an answer to an earlier one is dropped. */
  #turn = 0;
  #open = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** Requests the list, and keeps it up to date until it is closed. */
  open() {
    this.#open = true;
    return this.#query();
  }

  close() {
    this.#open = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
    batch(() => {
      this.busy.value = "";
      this.problem.value = null;
      this.clear();
    });
  }

  /** Called when another list begins. */
  clear() {}

  /** @param {Partial<Filters>} filters */
  filter(filters) {
    this.filters.value = { ...this.filters.value, ...filters };
    return this.#query();
  }

  /** The same, once nothing has been typed for a moment. @param {string} name */
  search(name) {
    this.filters.value = { ...this.filters.value, name };
    clearTimeout(this.#timer);
    this.#turn += 1; // what was on its way is of another query
    this.#timer = setTimeout(() => void this.#query(), TYPING);
  }

  /** @param {string} order */
  sort(order) {
    this.order.value = order;
    return this.#query();
  }

  showAll() {
    return this.filter(NO_FILTERS);
  }

  /** Requests the next page. */
  async more() {
    const cursor = this.next.value;
    if (this.busy.value || cursor === null) return;
    await this.#request("page", async (current) => {
      const page = await api.runs([...this.#parameters(), ["limit", String(PAGE)], ["cursor", cursor]]);
      if (current()) this.#take([...(this.received.value ?? []), ...page.runs], page);
    });
  }

  /** Requests all pages that are held again. */
  async refresh() {
    if (this.busy.value) return;
    await this.#request("", (current) => this.#first(this.received.value?.length ?? PAGE, current));
  }

  #query() {
    this.clear();
    return this.#request("query", (current) => this.#first(PAGE, current));
  }

  /** Requests at least so many runs from the first one on. @param {number} count @param {() => boolean} current */
  async #first(count, current) {
    /** @type {Summary[]} */
    const found = [];
    /** @type {import("../types/api.js").RunList} */
    let page;
    /** @type {Parameters} */
    let from = [];
    do {
      const limit = Math.min(MAX_PAGE, Math.max(PAGE, count - found.length));
      page = await api.runs([...this.#parameters(), ["limit", String(limit)], ...from]);
      if (!current()) return;
      found.push(...page.runs);
      from = [["cursor", page.next ?? ""]];
    } while (page.next !== null && found.length < count);
    this.#take(found, page);
  }

  /**
   * @param {"" | "query" | "page"} kind
   * @param {(current: () => boolean) => Promise<void>} ask
   */
  async #request(kind, ask) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const current = () => turn === this.#turn;
    this.busy.value = kind;
    try {
      await ask(current);
      if (current()) this.problem.value = null;
    } catch (thrown) {
      if (current()) this.problem.value = asApiError(thrown).problem;
    }
    if (!current()) return;
    this.busy.value = "";
    this.#schedule();
    await this.#requestCurves();
  }

  #schedule() {
    if (!this.#open) return;
    const pages = this.problem.value ? 1 : Math.ceil((this.received.value?.length ?? 0) / PAGE);
    const again = () => (presence().awake ? void this.refresh() : this.#schedule());
    this.#timer = setTimeout(again, REFRESH * Math.max(1, pages));
  }

  /** @param {Summary[]} found @param {import("../types/api.js").RunList} page  the last one of them */
  #take(found, { next, total }) {
    // A run that trains may move from one page to the next between two requests.
    const known = new Map(this.received.value?.map((run) => [run.id, run]));
    const runs = [...new Map(found.map((run) => [run.id, unchanged(known.get(run.id), run)])).values()];
    const { owners, tags } = this.seen.value;
    batch(() => {
      this.received.value = runs;
      this.next.value = next;
      this.matching.value = total;
      this.seen.value = {
        owners: united(owners, runs.map(({ owner }) => owner)),
        tags: united(tags, runs.flatMap((run) => run.tags)),
      };
    });
  }

  /** Requests the curves that are missing, or of which the run has many more rows by now. */
  async #requestCurves() {
    const outdated = (this.runs.value ?? []).filter(({ id, rows }) => {
      const known = this.curves.value.get(id)?.rows ?? 0;
      return rows > known && (rows > 1.05 * known || rows < 40);
    });
    for (let start = 0; start < outdated.length && this.#open; start += MAX_IDS) {
      const part = outdated.slice(start, start + MAX_IDS);
      try {
        const found = await api.curves(part.map(({ id }) => id));
        const curves = new Map(this.curves.value);
        for (const { id, rows } of part) curves.set(id, { rows, points: found[id] ?? [] });
        this.curves.value = curves;
      } catch {
        return; // The list itself tells that the server does not answer; curves come with the next one.
      }
    }
  }

  /** Takes over a run that was changed. @param {Summary} run */
  replace(run) {
    this.received.value = this.received.value?.map((one) => (one.id === run.id ? { ...one, ...run } : one)) ?? null;
  }

  /** The conditions of the present query, as the server names them. @returns {Parameters} */
  conditions() {
    const { name, ...others } = this.filters.value;
    return /** @type {Parameters} */ (
      Object.entries({ ...others, name: name.trim() }).filter(([, value]) => value)
    );
  }

  /** @returns {Parameters} */
  #parameters() {
    return [...this.conditions(), ["order", this.order.value]];
  }
}

/** The known run if it is the same, so that its row need not be drawn again. @param {Summary | undefined} known @param {Summary} run */
const unchanged = (known, run) => (known && same(known, run) ? known : run);

/** @param {string[]} known @param {string[]} more @returns {string[]} sorted, each once */
const united = (known, more) => [...new Set([...known, ...more])].filter(Boolean).sort();
