/**
 * The list of runs of this browser, with enough of each to distinguish it and open it again. All tabs
 * share the list: each tab changes only its own entries in the stored list and shows the others as they are.
 */

import { follow, recall, remember } from "./memory.js";
import { runs } from "./store.js";

/** @typedef {import("./store.js").Remembered} Remembered */

const MAX_RUNS = 40;
/** A run that has taken no step for this long is left over from an earlier visit. */
const FRESH = 60 * 60 * 1000; // ms

/** Runs that this page made; other runs may have other viewers. @type {Set<string>} */
export const made = new Set();

/** Runs that were on this page. @type {Set<string>} */
const opened = new Set();

/** Runs that this page put on the list: a missing one was removed. @type {Set<string>} */
const listed = new Set();

/** The stored runs of this browser's user, newest first, with those that never took a step. */
export const ownEntries = () => (stored() ?? runs.value).filter(({ ownership = "own" }) => ownership === "own");

/**
 * The runs that a page of this browser made, that never took a step, and that are not on this page. Others
 * of its pages may show those that are younger than `age`.
 * @param {number} [age]  milliseconds
 */
export function leftovers(age = FRESH) {
  const now = Date.now();
  return ownEntries().filter(
    (one) => one.made && one.step === 0 && !opened.has(one.id) && now - one.at >= age,
  );
}

/** Reads the stored list, and follows the changes of other tabs from then on. */
export function loadHistory() {
  runs.value = shown(stored() ?? []);
  follow("runs", () => {
    runs.value = shown(stored() ?? []);
  });
}

/**
 * Puts an opened run first, or updates its entry in place. A run removed from the list in any tab does
 * not return until it is opened again.
 * @param {Remembered} entry
 * @param {{opened?: boolean}} [how]
 */
export function record(entry, { opened: first = false } = {}) {
  if (first) opened.add(entry.id);
  const all = stored() ?? runs.value;
  const known = all.some(({ id }) => id === entry.id);
  if (known) keep(all.map((one) => (one.id === entry.id ? entry : one)));
  else if (first || !listed.has(entry.id)) keep([entry, ...all]);
  else runs.value = shown(all);
  listed.add(entry.id);
}

/** @param {string} id */
export function forget(id) {
  opened.delete(id);
  keep((stored() ?? runs.value).filter((one) => one.id !== id));
}

/** @param {string} id */
export function recorded(id) {
  return runs.value.find((one) => one.id === id) ?? null;
}

/** @param {Remembered[]} all */
function keep(all) {
  const now = Date.now();
  const listed = (/** @type {Remembered} */ one) => moved(one) || opened.has(one.id) || now - one.at < FRESH;
  // A run of this browser stays until it has been deleted: see quota.js.
  const kept = all.filter((one) => listed(one) || one.made).slice(0, MAX_RUNS);
  remember("runs", kept);
  runs.value = shown(kept);
}

/** Hides the viewer's runs that never took a step, except in the tab that opened them. @param {Remembered[]} all */
const shown = (all) => all.filter((one) => moved(one) || opened.has(one.id));

/** @param {Remembered} entry */
const moved = ({ step, ownership = "own" }) => step > 0 || ownership !== "own";

/** The stored list, without entries that are not runs; null if nothing is stored. */
function stored() {
  const found = recall("runs", /** @type {unknown} */ (null));
  return Array.isArray(found) ? found.filter(isRemembered) : null;
}

/** @param {unknown} value @returns {value is Remembered} */
function isRemembered(value) {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, note, written, step, ownership = "own" } = /** @type {Record<string, unknown>} */ (value);
  return (
    [id, name, note, ownership].every((text) => typeof text === "string") &&
    typeof written === "object" &&
    written !== null &&
    typeof step === "number"
  );
}
