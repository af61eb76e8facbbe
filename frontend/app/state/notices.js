/** Short messages that come and go by themselves, unless they ask for something. */

import { sentences } from "../stream/api-error.js";
import { notices } from "./store.js";

/** @typedef {import("./store.js").Notice} Notice */

const SECONDS = { plain: 6, bad: 12 };
/** Who is to choose needs longer than who is to read. */
const TO_CHOOSE = 12;
const MOST = 3;
let last = 0;

/**
 * @param {string} text
 * @param {{tone?: "plain" | "bad", action?: Notice["action"], topic?: string}} [how]  of a topic
 *   only the last word stands
 * @returns {() => void} takes it away
 */
export function notify(text, { tone = "plain", action = null, topic = text } = {}) {
  const key = ++last;
  const others = notices.value.filter((notice) => notice.topic !== topic);
  notices.value = [...others, { key, text, tone, action, topic }].slice(-MOST);
  const close = () => {
    notices.value = notices.value.filter((notice) => notice.key !== key);
  };
  setTimeout(close, (action ? TO_CHOOSE : SECONDS[tone]) * 1000);
  return close;
}

/** What passes by itself is nobody's mistake. */
const PASSING = new Set(["engine_failure", "unreachable"]);

/** @param {string} code */
export const isPassing = (code) => PASSING.has(code);

/**
 * Says what was refused, in the server's words.
 * @param {{code: string, message: string, hint: string}} problem
 */
export function notifyProblem(problem) {
  // Who is signed out has a card that says so.
  if (problem.code === "unauthorized") return;
  notify(sentences(problem), { tone: isPassing(problem.code) ? "plain" : "bad" });
}
