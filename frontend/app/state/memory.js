/**
 * Values stored in this browser, shared by its tabs. Storage may be off, full or edited by hand: values
 * are then lost. A value with parts is changed part by part, so that no tab overwrites another's changes.
 */

import { folder } from "../stream/address.js";

/** Servers behind path prefixes of one host share its storage, but each has its own runs. */
const PREFIX = `livenet.${folder().slice(1)}`;
/** The most parts under one name; the oldest are removed. */
const MAX_PARTS = 24;

/**
 * @template T
 * @param {string} name
 * @param {T} fallback
 * @returns {T}
 */
export function recall(name, fallback) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/**
 * Stores a value without parts: the last write wins.
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // The page works without storage; only the next visit starts with defaults.
  }
}

/**
 * Reads one part of a value.
 * @param {string} name
 * @param {string} part
 * @returns {unknown} undefined if it is not stored
 */
export function recallPart(name, part) {
  return new Map(partsOf(name)).get(part);
}

/**
 * Stores one part and leaves the other stored parts unchanged.
 * @param {string} name
 * @param {string} part
 * @param {unknown} value
 */
export function rememberPart(name, part, value) {
  const others = partsOf(name).filter(([other]) => other !== part);
  remember(name, Object.fromEntries([...others, [part, value]].slice(-MAX_PARTS)));
}

/** @param {string} name @returns {[string, unknown][]} */
function partsOf(name) {
  const stored = recall(name, /** @type {unknown} */ (null));
  return typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
}

/**
 * Calls the listener when another tab has stored something under a name.
 * @param {string} name
 * @param {() => void} listener
 */
export function follow(name, listener) {
  globalThis.addEventListener?.("storage", ({ key }) => {
    // Without a key, all storage was cleared.
    if (key === null || key === PREFIX + name) listener();
  });
}
