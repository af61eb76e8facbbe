/** The control for a longer, pasted text, which is applied when the field is left. */

import { html } from "lit-html";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { keepText, shownText, revert } from "./rejected-text.js";
import { textValue } from "./text-value.js";

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {string} value
 * @param {(value: string) => void} set
 */
export function textControl(knob, value, set) {
  const refused = problemAt(knob.path) !== null;
  const shown = shownText(knob.path, value, value);
  const letters = [...shown].length;
  return html`<div class="knob ${refused ? "refused" : ""}">
    <div class="knob-head">
      ${labelOf(knob)}
      ${letters ? html`<span class="unit number">${letters.toLocaleString("en")} letters</span>` : ""}
    </div>
    <textarea
      id=${idOf(knob.path)}
      class="text long"
      rows="3"
      spellcheck="false"
      placeholder=${knob.explain}
      aria-invalid=${invalid(knob.path)}
      aria-describedby=${describedBy(knob.path)}
      aria-description=${tipOf(knob)}
      ${textValue(shown)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        const field = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.blur();
        if (event.key === "Escape") revert(knob.path, field, value);
      }}
      @change=${(/** @type {Event} */ event) => {
        const next = /** @type {HTMLTextAreaElement} */ (event.currentTarget).value;
        if (next === shown && !refused) return;
        keepText(knob.path, next, value);
        set(next);
      }}
    ></textarea>
    ${problemText(knob.path)}
  </div>`;
}
