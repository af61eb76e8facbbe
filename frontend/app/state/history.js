/**
 * The runs of this browser: enough of each to tell them apart and to open them again. All tabs share
 * the list, so that each changes its own entries in what is stored by now, and shows the rest as it is.
 */

import { follow, recall, remember } from "./memory.js";
import { runs } from "./store.js";

/** @typedef {import("./store.js").Remembered} Remembered */

const MOST = 40;
/** A run that has not taken a step for so long was left by an earlier visit. */
const FRESH = 60 * 60 * 1000; // ms

/** Runs that this page made; others may be watched by somebody else. @type {Set<string>} */
export const made = new Set();

/** Runs that were on this page. @type {Set<string>} */
const opened = new Set();

/** Runs that this page has put on the list: what is no longer there was taken off. @type {Set<string>} */
const listed = new Set();

/** Reads what earlier visits left, and from then on what other tabs do. */
export function loadHistory() {
  runs.value = shown(stored() ?? []);
  follow("runs", () => {
    runs.value = shown(stored() ?? []);
  });
}

/**
 * Puts a run first where it is opened, or brings what is known of it up to date where it stands. What
 * was taken off the list, in any tab, does not come back until it is opened again.
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
  const kept = all.filter((one) => moved(one) || opened.has(one.id) || now - one.at < FRESH).slice(0, MOST);
  remember("runs", kept);
  runs.value = shown(kept);
}

/** A run of one's own that never took a step says nothing, but in the tab that has it. @param {Remembered[]} all */
const shown = (all) => all.filter((one) => moved(one) || opened.has(one.id));

/** @param {Remembered} entry */
const moved = ({ step, whose = "own" }) => step > 0 || whose !== "own";

/** What is stored by now, without what is no run; null where nothing is. */
function stored() {
  const found = recall("runs", /** @type {unknown} */ (null));
  return Array.isArray(found) ? found.filter(isRemembered) : null;
}

/** @param {unknown} value @returns {value is Remembered} */
function isRemembered(value) {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, note, written, step, whose = "own" } = /** @type {Record<string, unknown>} */ (value);
  return (
    [id, name, note, whose].every((text) => typeof text === "string") &&
    typeof written === "object" &&
    written !== null &&
    typeof step === "number"
  );
}
