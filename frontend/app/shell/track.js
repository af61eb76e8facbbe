/** Where steps lie on the timeline, and which step is meant: pure functions. */

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
 * The snapshot so many places away from a step, or null beyond the last: that is live.
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
 * The step that a key means on the timeline: undefined if none, null for live.
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
 * Least and greatest value for each pixel column: no spike is lost, however many rows there are.
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} values
 * @param {number} last  the step at the right end
 * @param {number} width  in pixels
 * @returns {{x: number, low: number, high: number}[]}
 */
export function columnsOf(steps, values, last, width) {
  /** @type {{x: number, low: number, high: number}[]} */
  const columns = [];
  for (let row = 0; row < steps.length; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const x = last > 0 ? Math.round(((steps[row] ?? 0) / last) * width) : 0;
    const column = columns.at(-1);
    if (column && column.x === x) {
      column.low = Math.min(column.low, value);
      column.high = Math.max(column.high, value);
    } else columns.push({ x, low: value, high: value });
  }
  return columns;
}
