/** Times of runs in a few letters: pure functions. */

const MINUTE = 60; // s
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago something was: "now", "5 min ago", "yesterday", and the date after a week.
 * @param {number} at  Unix time in seconds
 * @param {number} now
 * @param {string} [zone]  a time zone; the browser's by default
 */
export function ago(at, now, zone) {
  const past = now - at;
  if (past < MINUTE) return "now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 2 * DAY) return "yesterday";
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} days ago`;
  const date = new Date(1000 * at);
  const year = past > 300 * DAY ? { year: /** @type {const} */ ("numeric") } : {};
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year, ...(zone && { timeZone: zone }) });
}

/** The exact time. @param {number} at  Unix time in seconds @param {string} [zone] */
export function exactly(at, zone) {
  return new Date(1000 * at).toLocaleString("en-GB", {
    dateStyle: "long",
    timeStyle: "medium",
    ...(zone && { timeZone: zone }),
  });
}

/** A duration: "0.4 s", "12 s", "3 min", "2 h 5 min". @param {number} seconds */
export function duration(seconds) {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  return `${Math.floor(seconds / HOUR)} h ${Math.round((seconds % HOUR) / MINUTE)} min`;
}
