/** Keeps text typed into a field, so that refused text can be corrected there. */

import { clearFieldError } from "../state/refusals.js";
import { problemAt } from "./field.js";

/**
 * The text entered last, and the value in force then, as JSON.
 * @type {{path: string, text: string, valueJson: string} | null}
 */
let lastEntry = null;

/**
 * Stores the text typed in place of a value.
 * @param {string} path
 * @param {string} text
 * @param {unknown} value in force
 */
export function keepText(path, text, value) {
  lastEntry = { path, text, valueJson: JSON.stringify(value) };
}

/**
 * The text that a field shows: the typed text, while it is refused and the value is unchanged.
 * @param {string} path
 * @param {unknown} value in force
 * @param {string} text the value as text
 */
export function shownText(path, value, text) {
  if (lastEntry?.path !== path || !problemAt(path)) return text;
  return lastEntry.valueJson === JSON.stringify(value) ? lastEntry.text : text;
}

/**
 * Shows the value in force again, on Escape.
 * @param {string} path
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} text
 */
export function revert(path, field, text) {
  lastEntry = null;
  clearFieldError(path);
  field.value = text;
  field.blur();
}
