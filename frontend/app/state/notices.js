/** Short messages that come and go by themselves, unless they ask for something. */

import { notices } from "./store.js";

/** @typedef {import("./store.js").Notice} Notice */

const SECONDS = { plain: 6, bad: 12 };
const MOST = 3;
let last = 0;

/**
 * @param {string} text
 * @param {{tone?: "plain" | "bad", action?: Notice["action"]}} [how]
 * @returns {() => void} takes it away
 */
export function notify(text, { tone = "plain", action = null } = {}) {
  const key = ++last;
  const others = notices.value.filter((notice) => notice.text !== text);
  notices.value = [...others, { key, text, tone, action }].slice(-MOST);
  const close = () => {
    notices.value = notices.value.filter((notice) => notice.key !== key);
  };
  setTimeout(close, SECONDS[tone] * 1000);
  return close;
}

/**
 * Says what was refused, in the server's words.
 * @param {{message: string, hint: string}} problem
 */
export function notifyProblem(problem) {
  notify(sentences(problem), { tone: "bad" });
}

/**
 * @param {{message: string, hint: string}} problem
 */
export function sentences({ message, hint }) {
  return [message, hint].filter(Boolean).map(sentence).join(" ");
}

/** @param {string} text */
const sentence = (text) => (/[.?]$/.test(text) ? text : `${text}.`);
