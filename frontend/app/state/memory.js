/**
 * What this browser remembers, for all tabs of it. Storage may be off, full or edited by hand: then it
 * forgets. What has parts is changed part by part, so that no tab undoes what another one has stored.
 */

import { folder } from "../stream/address.js";

/** Servers behind the path prefixes of one host share its storage, and each has runs of its own. */
const PREFIX = `livenet.${folder().slice(1)}`;
/** So many parts under one name; the oldest go. */
const MOST_PARTS = 24;

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
 * For a value without parts, where the last word counts.
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // The page works without; only the next visit starts afresh.
  }
}

/**
 * One part of what has several.
 * @param {string} name
 * @param {string} part
 * @returns {unknown} undefined where it is not there
 */
export function recallPart(name, part) {
  return new Map(partsOf(name)).get(part);
}

/**
 * Leaves the other parts as they are stored by now.
 * @param {string} name
 * @param {string} part
 * @param {unknown} value
 */
export function rememberPart(name, part, value) {
  const others = partsOf(name).filter(([other]) => other !== part);
  remember(name, Object.fromEntries([...others, [part, value]].slice(-MOST_PARTS)));
}

/** @param {string} name @returns {[string, unknown][]} */
function partsOf(name) {
  const stored = recall(name, /** @type {unknown} */ (null));
  return typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
}

/**
 * Tells when another tab has stored something under a name.
 * @param {string} name
 * @param {() => void} listener
 */
export function follow(name, listener) {
  globalThis.addEventListener?.("storage", ({ key }) => {
    // Without a key all of it was cleared.
    if (key === null || key === PREFIX + name) listener();
  });
}
