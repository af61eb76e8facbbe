/** A longer text that somebody pastes. It is taken when the field is left. */

import { html } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { idOf, labelOf, problemAt, problemText, tipOf } from "./field.js";

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {string} value
 * @param {(value: string) => void} set
 */
export function textControl(knob, value, set) {
  return html`<div class="knob ${problemAt(knob.path) ? "refused" : ""}">
    <div class="knob-head">
      ${labelOf(knob)}
      ${value ? html`<span class="unit number">${value.length.toLocaleString("en")} letters</span>` : ""}
    </div>
    <textarea
      id=${idOf(knob.path)}
      class="text long"
      rows="3"
      spellcheck="false"
      placeholder=${knob.explain}
      aria-description=${tipOf(knob)}
      .value=${live(value)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        const field = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.blur();
        if (event.key === "Escape") {
          field.value = value;
          field.blur();
        }
      }}
      @change=${(/** @type {Event} */ event) => {
        const next = /** @type {HTMLTextAreaElement} */ (event.currentTarget).value;
        if (next !== value) set(next);
      }}
    ></textarea>
    ${problemText(knob.path)}
  </div>`;
}
