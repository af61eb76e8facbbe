/** Shows short messages, which disappear after a while unless they offer a choice. */

import { sentences } from "../stream/api-error.js";
import { notices } from "./store.js";

/** @typedef {import("./store.js").Notice} Notice */

const SECONDS = { plain: 6, bad: 12 };
/** A message with a choice stays longer than one that is only read. */
const TO_CHOOSE = 12;
const MAX_NOTICES = 3;
let last = 0;

/**
 * @param {string} text
 * @param {{tone?: "plain" | "bad", action?: Notice["action"], topic?: string}} [how]  only the
 *   last message of a topic is shown
 * @returns {() => void} removes it
 */
export function notify(text, { tone = "plain", action = null, topic = text } = {}) {
  const key = ++last;
  const others = notices.value.filter((notice) => notice.topic !== topic);
  notices.value = [...others, { key, text, tone, action, topic }].slice(-MAX_NOTICES);
  const close = () => {
    notices.value = notices.value.filter((notice) => notice.key !== key);
  };
  setTimeout(close, (action ? TO_CHOOSE : SECONDS[tone]) * 1000);
  return close;
}

/** Codes of refusals that pass by themselves: they are not the viewer's mistake. */
const TRANSIENT = new Set(["engine_failure", "unreachable"]);

/** @param {string} code */
export const isTransient = (code) => TRANSIENT.has(code);

/**
 * Shows a refusal, in the server's text.
 * @param {{code: string, message: string, hint: string}} problem
 */
export function notifyProblem(problem) {
  // A card already reports that the viewer is signed out.
  if (problem.code === "unauthorized") return;
  notify(sentences(problem), { tone: isTransient(problem.code) ? "plain" : "bad" });
}
