/**
 * Sends commands to runs. Commands to one run are sent one after another, so that the last one given is
 * the last one received, however slow the answers are.
 */

import { api } from "../stream/api.js";

/** @typedef {import("../types/api.js").Command} Command */

/** @typedef {Awaited<ReturnType<typeof api.command>>} Answer */

/** The last command sent to each run that is not answered yet. @type {Map<string, Promise<Answer | null>>} */
const last = new Map();

/**
 * @param {string} id
 * @param {Command} message
 * @returns {Promise<Answer>}
 */
export async function send(id, message) {
  const before = last.get(id);
  /** @type {PromiseWithResolvers<Answer | null>} */
  const { promise, resolve } = Promise.withResolvers();
  last.set(id, promise);
  /** @type {Answer | null} */
  let answer = null;
  try {
    if (before) await before;
    answer = await api.command(id, message);
    return answer;
  } finally {
    if (last.get(id) === promise) last.delete(id);
    resolve(answer);
  }
}

/**
 * The answer to the last command sent to a run so far; null if it was refused, or if no command is
 * pending.
 * @param {string} id
 * @returns {Promise<Answer | null>}
 */
export async function answerOf(id) {
  return (await last.get(id)) ?? null;
}

/** Whether a run has unanswered commands. @param {string} id */
export const isCommanded = (id) => last.has(id);
