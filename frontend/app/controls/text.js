/** A longer text that somebody pastes. It is taken when the field is left. */

import { html } from "lit-html";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { typed } from "./typed.js";

/** What was last given, by the knob's path: where it is refused it stays, to be put right. @type {Map<string, string>} */
const given = new Map();

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {string} value
 * @param {(value: string) => void} set
 */
export function textControl(knob, value, set) {
  const refused = problemAt(knob.path) !== null;
  const shown = refused ? (given.get(knob.path) ?? value) : value;
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
      ${typed(shown)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        const field = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.blur();
        if (event.key === "Escape") {
          given.delete(knob.path);
          field.value = value;
          field.blur();
        }
      }}
      @change=${(/** @type {Event} */ event) => {
        const next = /** @type {HTMLTextAreaElement} */ (event.currentTarget).value;
        given.set(knob.path, next);
        if (next !== shown || refused) set(next);
      }}
    ></textarea>
    ${problemText(knob.path)}
  </div>`;
}
