/** Computes how long to wait before a retry. */

const FIRST_DELAY = 250;
const MAX_DELAY = 8000;

/**
 * Doubles with every failure; jitter keeps a whole class from reconnecting at the same moment.
 * @param {number} failures since the last success, from 1
 * @param {() => number} [random]
 * @returns {number} milliseconds
 */
export function wait(failures, random = Math.random) {
  const most = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** (failures - 1));
  return most * (0.5 + 0.5 * random());
}
