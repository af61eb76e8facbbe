/**
 * Single steps, as fast as somebody presses: what is pressed while a step is under way is added up
 * and sent when the run has paused again.
 */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { Turns } from "../stream/turns.js";

/** @typedef {{steps?: number, epochs?: number}} Far */

const PATIENCE = 50; // tries
const PAUSE = 40; // ms between them

/** A key that is held down repeats faster than a server shall be asked. */
const turns = new Turns(50);

/** @type {Far | null} */
let due = null;
let going = false;

/**
 * @param {string} id  a run that is paused, or on its way there
 * @param {Far} far
 * @param {() => Promise<unknown>} [rest]  resolves after a moment
 */
export async function stepOn(id, far, rest = moment) {
  due = added(due, far);
  if (going) return;
  going = true;
  try {
    while (due) {
      await turns.next();
      const now = due;
      due = null;
      await whenPaused(id, now, rest);
    }
  } finally {
    going = false;
    due = null;
  }
}

/**
 * Steps add up, epochs add up; of one after the other kind the newer counts.
 * @param {Far | null} before
 * @param {Far} far
 * @returns {Far}
 */
function added(before, { steps, epochs }) {
  if (steps) return { steps: steps + (before?.steps ?? 0) };
  return { epochs: (epochs ?? 1) + (before?.epochs ?? 0) };
}

/**
 * @param {string} id
 * @param {Far} far
 * @param {() => Promise<unknown>} rest
 */
async function whenPaused(id, far, rest) {
  for (let tries = 1; ; tries++) {
    try {
      await api.command(id, { kind: "step", ...far });
      return;
    } catch (thrown) {
      if (asApiError(thrown).status !== 409 || tries > PATIENCE) throw thrown;
      // Whoever else plays this run, or a slow epoch that never ends: a step means a step.
      if (tries === PATIENCE) await api.command(id, { kind: "pause" });
      await rest();
    }
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, PAUSE));
