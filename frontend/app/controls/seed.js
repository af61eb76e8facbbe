/** The control for a seed: a number without a slider, with a button for another one. */

import { html } from "lit-html";
import { showFieldError, clearFieldError } from "../state/refusals.js";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { keepText, shownText, revert } from "./rejected-text.js";
import { parseNumber } from "./numbers.js";
import { allowedText, inputError } from "./number-range.js";
import { textValue } from "./text-value.js";

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {number} value
 * @param {(value: number) => void} set
 */
export function seedControl(knob, value, set) {
  const holds = String(value);
  const text = shownText(knob.path, value, holds);
  return html`<div class="knob ${problemAt(knob.path) ? "refused" : ""}">
    <div class="knob-head">
      ${labelOf(knob)}
      <input
        id=${idOf(knob.path)}
        class="typed number"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        size=${Math.max(3, text.length)}
        aria-invalid=${invalid(knob.path)}
        aria-describedby=${describedBy(knob.path)}
        aria-description=${tipOf(knob)}
        ${textValue(text)}
        @input=${() => clearFieldError(knob.path)}
        @focus=${(/** @type {FocusEvent} */ event) =>
          /** @type {HTMLInputElement} */ (event.currentTarget).select()}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.currentTarget);
          if (event.key === "Enter") input.blur();
          if (event.key === "Escape") revert(knob.path, input, holds);
        }}
        @change=${(/** @type {Event} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.currentTarget);
          if (input.value === holds) return;
          const next = parseNumber(input.value, { whole: true });
          const wrong = inputError(knob, input.value, next);
          keepText(knob.path, input.value, value);
          if (wrong === null) return set(/** @type {number} */ (next));
          showFieldError(knob.path, wrong, `Give ${allowedText(knob)}.`);
        }}
      />
      <button
        class="icon-button small"
        type="button"
        aria-label="Another ${knob.label.toLowerCase()}"
        data-tip=${knob.explain}
        @click=${() => set(value >= (knob.max ?? Infinity) ? 0 : value + 1)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <rect x="2" y="2" width="12" height="12" rx="3" />
          <circle cx="5.3" cy="5.3" r="1.1" /><circle cx="10.7" cy="5.3" r="1.1" />
          <circle cx="8" cy="8" r="1.1" /><circle cx="5.3" cy="10.7" r="1.1" />
          <circle cx="10.7" cy="10.7" r="1.1" />
        </svg>
      </button>
    </div>
    ${problemText(knob.path)}
  </div>`;
}
