/**
 * Single steps, as fast as somebody presses: what is pressed while a step of the same run is under way
 * is added up and sent when that run has paused again.
 */

import { asApiError } from "../stream/api-error.js";
import { Turns } from "../stream/turns.js";
import { send } from "./commanding.js";

/** @typedef {{steps?: number, epochs?: number}} Far */

const PATIENCE = 50; // tries
const PAUSE = 40; // ms between them

/** A key that is held down repeats faster than a server shall be asked. */
const turns = new Turns(50);

/** What is due of each run that steps, not counting what is on its way. @type {Map<string, Far[]>} */
const stepping = new Map();

/**
 * @param {string} id  a run that is paused, or on its way there
 * @param {Far} far
 * @param {() => Promise<unknown>} [rest]  resolves after a moment
 * @param {() => void} [told]  called once the run is told, or will be with the steps that are due
 */
export async function stepOn(id, far, rest = moment, told = () => {}) {
  const going = stepping.get(id);
  if (going) {
    add(going, far);
    return told();
  }
  const due = [{ ...far }];
  stepping.set(id, due);
  const wanted = () => stepping.get(id) === due;
  try {
    for (;;) {
      await turns.next();
      const now = due.shift();
      if (!now) return;
      await whenPaused(id, now, { rest, wanted, told });
      if (!due.length) return;
    }
  } finally {
    if (wanted()) stepping.delete(id);
  }
}

/** What was not sent yet is not wanted any more. @param {string} id */
export function stopSteps(id) {
  stepping.get(id)?.splice(0);
  stepping.delete(id);
}

/** Steps add up, and epochs do. @param {Far[]} due @param {Far} far */
function add(due, { steps, epochs }) {
  const last = due.at(-1);
  if (steps && last?.steps) last.steps += steps;
  else if (epochs && last?.epochs) last.epochs += epochs;
  else due.push(steps ? { steps } : { epochs: epochs ?? 1 });
}

/**
 * @param {string} id
 * @param {Far} far
 * @param {{rest: () => Promise<unknown>, wanted: () => boolean, told: () => void}} how
 */
async function whenPaused(id, far, { rest, wanted, told }) {
  for (let tries = 1; wanted(); tries++) {
    try {
      const answer = send(id, { kind: "step", ...far });
      told();
      await answer;
      return;
    } catch (thrown) {
      if (asApiError(thrown).status !== 409 || tries > PATIENCE) throw thrown;
      // Whoever else plays this run, or a slow epoch that never ends: a step means a step.
      if (tries === PATIENCE && wanted()) await send(id, { kind: "pause" });
      await rest();
    }
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, PAUSE));
