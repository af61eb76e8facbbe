/** Converts between steps and places on the timeline: pure functions. */

import { decimate, firstFrom } from "../stream/decimate.js";

/**
 * The snapshot nearest to a step.
 * @param {number[]} steps  ascending
 * @param {number} step
 */
export function nearest(steps, step) {
  let best = steps[0] ?? 0;
  for (const one of steps) if (Math.abs(one - step) <= Math.abs(best - step)) best = one;
  return best;
}

/**
 * The snapshot `far` places away from a step, or null (live) beyond the last.
 * @param {number[]} steps  ascending
 * @param {number} from
 * @param {number} far  negative goes back
 * @returns {number | null}
 */
export function neighbour(steps, from, far) {
  if (far < 0) {
    const before = steps.filter((step) => step < from);
    return before.at(Math.max(-before.length, far)) ?? 0;
  }
  return steps.filter((step) => step > from)[far - 1] ?? null;
}

/**
 * The step that a key selects on the timeline: undefined if none, null for live.
 * @param {{key: string, shiftKey: boolean}} event
 * @param {{steps: number[], from: number, now: number}} where
 * @returns {number | null | undefined}
 */
export function stepForKey({ key, shiftKey }, { steps, from, now }) {
  const exact = (/** @type {number} */ step) => (step >= now ? null : Math.max(0, step));
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return shiftKey ? exact(from - 1) : neighbour(steps, from, -1);
    case "ArrowRight":
    case "ArrowUp":
      return shiftKey ? exact(from + 1) : neighbour(steps, from, 1);
    case "PageDown":
      return neighbour(steps, from, -10);
    case "PageUp":
      return neighbour(steps, from, 10);
    case "Home":
      return 0;
    case "End":
      return null;
  }
  return undefined;
}

/**
 * The values as points in pixels, thinned without losing a spike: the rows are read once, and only a few
 * of a long run are drawn.
 * @param {Float64Array} steps
 * @param {Float64Array} values
 * @param {number} last  the step at the right end
 * @param {number} width  in pixels
 * @returns {{x: number, y: number}[]}
 */
export function pointsOf(steps, values, last, width) {
  const end = firstFrom(steps, last + 1);
  const [at, kept] = decimate(steps, [values], 0, end, Math.max(1, Math.ceil(width)));
  /** @type {{x: number, y: number}[]} */
  const points = [];
  at?.forEach((step, row) => {
    const y = kept?.[row] ?? NaN;
    if (Number.isFinite(y)) points.push({ x: last > 0 ? (step / last) * width : 0, y });
  });
  return points;
}
