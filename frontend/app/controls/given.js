/** What was typed into a field: where it is refused it stays there, to be put right. */

import { settle } from "../state/refused.js";
import { problemAt } from "./field.js";

/**
 * What was given last, and the value that held then, as JSON.
 * @type {{path: string, text: string, before: string} | null}
 */
let last = null;

/**
 * Keeps what was typed in the place of a value.
 * @param {string} path
 * @param {string} text
 * @param {unknown} value that holds
 */
export function give(path, text, value) {
  last = { path, text, before: JSON.stringify(value) };
}

/**
 * What a field shows: what was typed there, while that is refused and the value before it still holds.
 * @param {string} path
 * @param {unknown} value that holds
 * @param {string} text it is written as
 */
export function shownText(path, value, text) {
  if (last?.path !== path || !problemAt(path)) return text;
  return last.before === JSON.stringify(value) ? last.text : text;
}

/**
 * Escape: the value that holds is shown again.
 * @param {string} path
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} text
 */
export function takeBack(path, field, text) {
  last = null;
  settle(path);
  field.value = text;
  field.blur();
}
