/** The control for the input features: a chip for each feature that fits the data. */

import { html } from "lit-html";
import { describedBy, invalid, labelOf, problemText } from "./field.js";

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {import("../types/api.js").Catalogue["features"]} rows  the features that fit
 * @param {string[]} value
 * @param {(value: string[]) => void} set
 */
export function featuresControl(knob, rows, value, set) {
  return html`<div class="knob">
    <div class="knob-head">${labelOf(knob)}</div>
    <div
      class="chips"
      role="group"
      aria-label=${knob.label}
      aria-invalid=${invalid(knob.path)}
      aria-describedby=${describedBy(knob.path)}
    >
      ${rows.map((row) => {
        const on = value.includes(row.kind);
        const last = on && value.length === 1;
        return html`<button
          class="chip"
          type="button"
          aria-pressed=${on ? "true" : "false"}
          aria-disabled=${last ? "true" : "false"}
          data-tip=${last ? "The network needs at least one input." : ""}
          @click=${() => last || set(toggleFeature(rows, value, row.kind))}
        >
          ${row.label}
        </button>`;
      })}
    </div>
    ${problemText(knob.path)}
  </div>`;
}

/**
 * The features with one added or removed, in the catalogue's order.
 * @param {{kind: string}[]} rows
 * @param {string[]} value
 * @param {string} kind
 */
export function toggleFeature(rows, value, kind) {
  const on = new Set(value);
  if (!on.delete(kind)) on.add(kind);
  return rows.map((row) => row.kind).filter((name) => on.has(name));
}
