/**
 * Sends single steps as fast as the key is pressed: presses during a step of the same run are added up
 * and sent when that run has paused again.
 */

import { asApiError } from "../stream/api-error.js";
import { Turns } from "../stream/turns.js";
import { send } from "./commanding.js";

/** @typedef {{steps?: number, epochs?: number}} Far */

const PATIENCE = 50; // tries
const PAUSE = 40; // ms between them

/** A key that is held down repeats faster than requests may be sent. */
const turns = new Turns(50);

/** The steps due for each run, without those already sent. @type {Map<string, Far[]>} */
const stepping = new Map();

/**
 * @param {string} id  a run that is paused, or on its way there
 * @param {Far} far
 * @param {() => Promise<unknown>} [rest]  resolves after a moment
 * @param {() => void} [told]  called once the command is sent, or is among the steps due
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

/** Drops the unsent steps of a run. @param {string} id */
export function stopSteps(id) {
  stepping.get(id)?.splice(0);
  stepping.delete(id);
}

/** Adds steps to steps, and epochs to epochs. @param {Far[]} due @param {Far} far */
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
      // Another viewer plays this run, or an epoch takes very long: pause, so that a step stays a step.
      if (tries === PATIENCE && wanted()) await send(id, { kind: "pause" });
      await rest();
    }
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, PAUSE));
