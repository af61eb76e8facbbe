/** The runs that were played on this page; single steps do not count. */

/** @type {Set<string>} */
export const playedRuns = new Set();
