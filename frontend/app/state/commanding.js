/**
 * Commands to runs: those to one run go out one after another, so that the last one given is the last
 * one that it hears, however slow the answers are.
 */

import { api } from "../stream/api.js";

/** @typedef {import("../types/api.js").Command} Command */

/** @typedef {Awaited<ReturnType<typeof api.command>>} Answer */

/** What each run was told last and has not answered yet. @type {Map<string, Promise<Answer | null>>} */
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
 * The answer to the last command that a run was given so far; null where it was refused, or where none
 * is under way.
 * @param {string} id
 * @returns {Promise<Answer | null>}
 */
export async function answerOf(id) {
  return (await last.get(id)) ?? null;
}

/** Whether a run has commands that are not answered yet. @param {string} id */
export const isCommanded = (id) => last.has(id);
