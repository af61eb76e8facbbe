/** A group of runs that is about to be made: its fields as they are typed, and what is wrong with them. */

import { computed, signal } from "@preact/signals-core";
import { parseError, parseNumber } from "../controls/numbers.js";
import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { groupFields, MOST_RUNS, parseValues, valueText } from "./group-fields.js";
import { inPageWords } from "./refusal-words.js";
import { same, withValue } from "./spec-edits.js";
import { nameOf } from "./words.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").GroupDocument} GroupDocument
 * @typedef {import("../types/api.js").Json} Json
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("../types/api.js").Spec} Spec
 * @typedef {import("./group-fields.js").Field} Field
 * @typedef {import("./run-state.js").Written} Written
 * @typedef {{path: string, text: string, options: readonly Json[], own?: string, unknown?: string}} Chosen  a field, and its
 *   values as text or options; `own` is what was typed by hand, `unknown` a text in place of the field that names none
 * @typedef {"field.0" | "field.1" | "seeds" | "steps" | "parallel" | ""} Place  where a refusal is shown; "" is the whole
 * @typedef {{message: string, hint: string}} Refusal
 */

export const STEPS = "training.steps";
const FIRST = "optimizer.lr";
const USUAL = { seeds: "3", steps: 1000 };

export class GroupDraft {
  /** @type {import("@preact/signals-core").Signal<Chosen[]>} */
  chosen = signal([]);
  /** The number of seeds, of steps and of runs at the same time, as typed. */
  seeds = signal(USUAL.seeds);
  steps = signal("");
  parallel = signal("");
  /** @type {import("@preact/signals-core").Signal<ReadonlyMap<Place, Refusal>>} */
  refusals = signal(new Map());
  /** Whether it is being made. */
  busy = signal(false);
  /** Whether the steps are one of the fields. */
  variesSteps = computed(() => this.chosen.value.some(({ path }) => path === STEPS));
  /** How many runs these are, in numbers; null if a field cannot be read. */
  plan = computed(() => this.#plan());
  /** Why these are too many runs; null if they are not. @type {import("@preact/signals-core").ReadonlySignal<Refusal | null>} */
  excess = computed(() => excessOf(this.plan.value?.runs ?? 0));

  /**
   * @param {Catalogue} catalogue
   * @param {Written} written  the chosen part of the spec
   * @param {Spec} spec  the spec in force
   */
  constructor(catalogue, written, spec) {
    this.catalogue = catalogue;
    this.written = written;
    this.spec = spec;
    this.fields = groupFields(catalogue, spec);
    this.steps.value = String(spec.training.steps ?? USUAL.steps);
    const first = this.fields.find(({ path }) => path === FIRST) ?? this.fields[0];
    if (first) this.chosen.value = [suggested(first)];
  }

  /** Whether it is about these settings. @param {Written} written @param {Spec} spec */
  isFor = (written, spec) => same(this.written, written) && same(this.spec, spec);

  /** @param {string} path */
  field = (path) => /** @type {Field} */ (this.fields.find((one) => one.path === path));

  /** The fields that place `at` may have: not that of the other one. @param {number} at */
  choices(at) {
    const other = this.chosen.value[1 - at]?.path;
    return this.fields.filter(({ path }) => path !== other);
  }

  /** Takes another field, with the values that were typed if they fit it. @param {number} at @param {string} path */
  choose(at, path) {
    const now = this.chosen.value[at];
    if (now?.path === path && now.unknown === undefined) return;
    this.chosen.value = this.chosen.value.map((one, i) => {
      if (i !== at) return one;
      const { unknown: _, ...known } = one;
      return one.path === path ? known : withOwn(this.field(path), one.own);
    });
    this.#correct(`field.${at === 0 ? 0 : 1}`);
  }

  /** Keeps a text in place of a field as wrong, until a field is chosen; "" gives it up. @param {number} at @param {string} text */
  refuse(at, text) {
    const now = this.chosen.value[at];
    if (!now) return;
    if (!text) return this.choose(at, now.path);
    this.chosen.value = this.chosen.value.map((one, i) => (i === at ? { ...one, unknown: text } : one));
    this.refusals.value = new Map([...this.refusals.value, [at === 0 ? "field.0" : "field.1", this.#unknown(text)]]);
  }

  /** @param {string} text @returns {Refusal} */
  #unknown(text) {
    const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return { message: `There is no field “${short}”`, hint: "Choose one of the list, by its name or its path, such as optimizer.lr." };
  }

  /** Adds a second field. */
  add() {
    const next = this.choices(1).find(({ path }) => path === "model.hidden") ?? this.choices(1)[0];
    if (next && this.chosen.value.length === 1) this.chosen.value = [...this.chosen.value, suggested(next)];
  }

  /** @param {number} at */
  remove(at) {
    this.chosen.value = this.chosen.value.filter((_, i) => i !== at);
    this.refusals.value = new Map();
  }

  /** @param {number} at @param {string} text */
  type(at, text) {
    this.chosen.value = this.chosen.value.map((one, i) => (i === at ? { ...one, text, own: text } : one));
    this.#correct(`field.${at === 0 ? 0 : 1}`);
  }

  /** Takes an option, or no longer. @param {number} at @param {Json} value */
  toggle(at, value) {
    this.chosen.value = this.chosen.value.map((one, i) => {
      if (i !== at) return one;
      const options = one.options.includes(value) ? one.options.filter((other) => other !== value) : [...one.options, value];
      return { ...one, options };
    });
    this.#correct(`field.${at === 0 ? 0 : 1}`);
  }

  /** @param {"seeds" | "steps" | "parallel"} name @param {string} text */
  set(name, text) {
    this[name].value = text;
    this.#correct(name);
  }

  /** A refusal no longer holds where something is corrected. @param {Place} place */
  #correct(place) {
    if (!this.refusals.value.size) return;
    this.refusals.value = new Map([...this.refusals.value].filter(([at]) => at !== place && at !== ""));
  }

  /** The values of a field. @param {Chosen} chosen @returns {import("./group-fields.js").Parsed} */
  values({ path, text, options, unknown }) {
    if (unknown !== undefined) return this.#unknown(unknown);
    const field = this.field(path);
    if (field.type !== "options") return parseValues(field, text);
    const values = field.options.flatMap(({ value }) => (options.includes(value) ? [value] : []));
    if (values.length) return { values };
    return { message: "No value is chosen", hint: "Choose the values to compare." };
  }

  /** The value that has to be a count. @param {"seeds" | "steps" | "parallel"} name @param {number} most @returns {number | Refusal} */
  #count(name, most) {
    const text = this[name].value;
    const value = parseNumber(text, { whole: true });
    if (value !== null && Number.isInteger(value) && value >= 1 && value <= most) return value;
    const message = value === null ? parseError(text, true) : `${text.trim()} is not a whole number from 1 to ${most.toLocaleString("en")}`;
    return { message, hint: `Give a whole number from 1 to ${most.toLocaleString("en")}.` };
  }

  /** All fields as they are read, or why they cannot be. */
  #read() {
    const values = this.chosen.value.map((one) => this.values(one));
    const seeds = this.#count("seeds", MOST_RUNS);
    const steps = this.variesSteps.value ? null : this.#count("steps", 1e9);
    const parallel = this.parallel.value.trim() ? this.#count("parallel", 100) : null;
    return { values, seeds, steps, parallel };
  }

  #plan() {
    const { values, seeds, steps } = this.#read();
    const counts = values.map((one) => ("values" in one ? one.values.length : null));
    if (counts.includes(null) || typeof seeds !== "number" || (steps !== null && typeof steps !== "number")) return null;
    const each = counts.map(Number);
    return { counts: each, seeds, steps, runs: each.reduce((all, one) => all * one, seeds) };
  }

  /**
   * Makes the group, or says at its field what is wrong.
   * @returns {Promise<GroupDocument | null>}
   */
  async create() {
    const { values, seeds, steps, parallel } = this.#read();
    /** @type {Map<Place, Refusal>} */
    const refusals = new Map();
    values.forEach((one, at) => {
      if (!("values" in one)) refusals.set(at === 0 ? "field.0" : "field.1", one);
    });
    for (const [place, one] of /** @type {const} */ ([["seeds", seeds], ["steps", steps], ["parallel", parallel]])) {
      if (one !== null && typeof one !== "number") refusals.set(place, one);
    }
    if (!refusals.size && this.excess.value) refusals.set("", this.excess.value);
    this.refusals.value = refusals;
    if (refusals.size || this.busy.value) return null;
    this.busy.value = true;
    try {
      return await api.createGroup({
        spec: /** @type {any} */ (steps === null ? this.written : withValue(this.written, STEPS, steps)),
        vary: this.chosen.value.map(({ path }, at) => ({ path, values: /** @type {any} */ (values[at]).values })),
        seeds: Array.from({ length: Number(seeds) }, (_, i) => this.spec.seed + i),
        name: this.#name(),
        ...(parallel === null ? {} : { parallel: Number(parallel) }),
      });
    } catch (thrown) {
      const { problem } = asApiError(thrown);
      this.refusals.value = new Map([[this.placeOf(problem), inPageWords(this.catalogue, this.spec, problem)]]);
      return null;
    } finally {
      this.busy.value = false;
    }
  }

  /** "Learning rate and batch size: spiral, 8·8 tanh" */
  #name() {
    const labels = this.chosen.value.map(({ path }, at) => {
      const { label } = this.field(path);
      return at && /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
    });
    return `${labels.join(" and ")}: ${nameOf(this.catalogue, this.spec)}`.slice(0, 120);
  }

  /** The field that a refusal of the server is about. @param {Problem} problem @returns {Place} */
  placeOf({ path }) {
    const below = (/** @type {string} */ name) => path === name || path.startsWith(`${name}.`);
    const at = this.chosen.value.findIndex((one, i) => below(one.path) || below(`vary.${i}`));
    if (at >= 0) return at === 0 ? "field.0" : "field.1";
    if (below("seeds") || below("seed")) return "seeds";
    if (below(STEPS)) return "steps";
    return below("parallel") ? "parallel" : "";
  }
}

/** @param {number} runs @returns {Refusal | null} */
function excessOf(runs) {
  if (runs <= MOST_RUNS) return null;
  return {
    message: `These are ${runs.toLocaleString("en")} runs, and a group has at most ${MOST_RUNS}`,
    hint: "Give fewer values or fewer seeds.",
  };
}

/** A field with the values that were typed for another one, if they fit it. @param {Field} field @param {string} [own] @returns {Chosen} */
function withOwn(field, own) {
  if (own === undefined) return suggested(field);
  const read = field.type === "options" ? null : parseValues(field, own);
  const fits = read && "values" in read && (!field.whole || read.values.every((value) => value === null || Number.isInteger(value)));
  return fits ? { path: field.path, text: own, options: [], own } : { ...suggested(field), own };
}

/**
 * A field with its present value, on a log scale with the values ten times smaller and larger, or with all its
 * options if they are two.
 * @param {Field} field
 * @returns {Chosen}
 */
function suggested(field) {
  const { path, type, options, present, log, whole } = field;
  const spread = log && !whole && typeof present === "number" && present > 0;
  const values = spread ? [present / 10, present, present * 10].map((value) => Number(value.toPrecision(6))) : [present];
  if (type !== "options") return { path, text: values.map((value) => valueText(field, value)).join(", "), options: [] };
  const known = options.filter(({ value }) => value === present).map(({ value }) => value);
  return { path, text: "", options: options.length === 2 ? options.map(({ value }) => value) : known };
}
