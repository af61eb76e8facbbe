/** The parts that surround every control: label, symbol, explanation, restart mark, and refusal. */

import { html, nothing } from "lit-html";
import { sentences } from "../stream/api-error.js";
import { shown } from "../state/shown.js";
import { isWatched } from "../state/ownership.js";
import { plainSymbol } from "../state/words.js";

/** @typedef {import("../types/api.js").Knob} Knob */

/**
 * The element id that joins label and input.
 * @param {string} path
 */
export const idOf = (path) => `knob-${path.replaceAll(".", "-")}`;

/**
 * @param {Pick<Knob, "path" | "label" | "symbol" | "explain" | "restart">} knob
 */
export function labelOf({ path, label, symbol, explain, restart }) {
  const letter = plainSymbol(symbol);
  return html`<label
    for=${idOf(path)}
    data-tip=${tipOf({ explain, restart })}
    data-formula=${symbol && !letter ? symbol : nothing}
    >${label}${letter && letter !== label ? html` <span class="symbol">${letter}</span>` : nothing}${
      restart ? restartMark() : nothing
    }</label
  >`;
}

/** @param {{explain: string, restart: boolean}} knob */
export function tipOf({ explain, restart }) {
  if (isWatched()) return `${explain} A change makes your own run.`;
  return restart ? `${explain} A change restarts the run.` : explain;
}

/** A small mark on knobs that restart the run; its meaning is in the tip and in the help. */
function restartMark() {
  return html`<svg class="restarts" viewBox="0 0 12 12" aria-hidden="true">
    <path d="M9.8 4.2A4.3 4.3 0 1 0 10.3 6.6M10 1.6v2.8H7.2" />
  </svg>`;
}

/**
 * The refusal at this path or below it.
 * @param {string} path
 * @param {string[]} [parts] paths below it whose refusals are shown elsewhere
 */
export function problemAt(path, parts = []) {
  for (const [at, problem] of shown.errors.value) {
    if (isBelow(at, path) && !parts.some((part) => isBelow(at, part))) return problem;
  }
  return null;
}

/** @param {string} at @param {string} path */
const isBelow = (at, path) => at === path || at.startsWith(`${path}.`);

/** The element id of the refusal at a path. @param {string} path */
const problemId = (path) => `${idOf(path)}-problem`;

/** A control's `aria-invalid`. @param {string} path @param {string[]} [parts] */
export const invalid = (path, parts) => (problemAt(path, parts) ? "true" : "false");

/**
 * A control's `aria-describedby`: its refusal, if there is one.
 * @param {string} path
 * @param {string[]} [parts]
 */
export const describedBy = (path, parts) => (problemAt(path, parts) ? problemId(path) : nothing);

/** @param {string} path @param {string[]} [parts] */
export function problemText(path, parts) {
  const problem = problemAt(path, parts);
  if (!problem) return nothing;
  return html`<p id=${problemId(path)} class="problem" role="alert">
    ${sentences({ message: problem.message, hint: "" })} <span>${problem.hint}</span>
  </p>`;
}
