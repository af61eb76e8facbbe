/** What was refused of a field: said at its control, and taken back when it no longer holds. */

import { isPassing } from "./notices.js";
import * as store from "./store.js";

/**
 * Says at a control that what was typed there cannot be; nothing is sent.
 * @param {string} path
 * @param {string} message
 * @param {string} hint
 */
export function complain(path, message, hint) {
  store.errors.value = new Map([[path, { code: "typed", message, path, hint }]]);
}

/**
 * A control is being put right: what was refused of it no longer holds.
 * @param {string} path
 * @returns {boolean} whether anything was
 */
export const settle = (path) => keep((at) => at !== path && !at.startsWith(`${path}.`));

/** The server is there again: that it did not answer no longer holds. */
export const settlePassing = () => keep((_, code) => !isPassing(code));

/** @param {(path: string, code: string) => boolean} stays */
function keep(stays) {
  const left = [...store.errors.value].filter(([path, { code }]) => stays(path, code));
  if (left.length === store.errors.value.size) return false;
  store.errors.value = new Map(left);
  return true;
}
