/** Runs that were told to play on this page: a step's few moments of running are not meant. */

/** @type {Set<string>} */
export const played = new Set();
