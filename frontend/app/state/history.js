/** The runs of this browser: enough of each to tell them apart and to open them again. */

import { recall, remember } from "./memory.js";
import { runs } from "./store.js";

/** @typedef {import("./store.js").Remembered} Remembered */

const MOST = 40;

/** Runs that this page made; others may be watched by somebody else. @type {Set<string>} */
export const made = new Set();

/** Reads what earlier visits left; what is no run, or one's own that never took a step, is dropped. */
export function loadHistory() {
  const stored = recall("runs", /** @type {unknown} */ ([]));
  const known = Array.isArray(stored) ? stored.filter(isRemembered) : [];
  runs.value = known.filter(({ step, whose = "own" }) => step > 0 || whose !== "own");
}

/**
 * Puts a run first, or brings what is known of it up to date where it stands.
 * @param {Remembered} entry
 */
export function record(entry) {
  const known = runs.value.some((one) => one.id === entry.id);
  runs.value = known
    ? runs.value.map((one) => (one.id === entry.id ? entry : one))
    : [entry, ...runs.value].slice(0, MOST);
  remember("runs", runs.value);
}

/** @param {string} id */
export function forget(id) {
  runs.value = runs.value.filter((one) => one.id !== id);
  remember("runs", runs.value);
}

/** @param {string} id */
export function recorded(id) {
  return runs.value.find((one) => one.id === id) ?? null;
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
