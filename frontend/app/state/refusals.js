/** Keeps the refusals of fields: each is shown at its control, and removed when it no longer holds. */

import { isTransient } from "./notices.js";
import { shown } from "./shown.js";

/**
 * Shows at a control that the typed value is invalid; nothing is sent.
 * @param {string} path
 * @param {string} message
 * @param {string} hint
 */
export function showFieldError(path, message, hint) {
  shown.errors.value = new Map([[path, { code: "typed", message, path, hint }]]);
}

/**
 * Removes the refusals of a control that is being corrected.
 * @param {string} path
 * @returns {boolean} whether anything was
 */
export const clearFieldError = (path) => keep((at) => at !== path && !at.startsWith(`${path}.`));

/** Removes messages about a server that did not answer, once it is there again. */
export const clearTransientErrors = () => keep((_, code) => !isTransient(code));

/** @param {(path: string, code: string) => boolean} stays */
function keep(stays) {
  const left = [...shown.errors.value].filter(([path, { code }]) => stays(path, code));
  if (left.length === shown.errors.value.size) return false;
  shown.errors.value = new Map(left);
  return true;
}
