/** The control for a knob that is on or off. */

import { html } from "lit-html";
import { describedBy, idOf, invalid, labelOf, problemText, tipOf } from "./field.js";

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {boolean} value
 * @param {(value: boolean) => void} set
 */
export function switchControl(knob, value, set) {
  return html`<div class="knob">
    <div class="knob-head">
      ${labelOf(knob)}
      <button
        id=${idOf(knob.path)}
        class="switch"
        type="button"
        role="switch"
        aria-checked=${value ? "true" : "false"}
        aria-label=${knob.label}
        aria-invalid=${invalid(knob.path)}
        aria-describedby=${describedBy(knob.path)}
        aria-description=${tipOf(knob)}
        @click=${() => set(!value)}
      ></button>
    </div>
    ${problemText(knob.path)}
  </div>`;
}
