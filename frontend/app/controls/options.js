/** The control for a choice of a few words: buttons side by side, or a list if they are long. */

import { html } from "lit-html";
import { catalogue } from "../state/store.js";
import { select } from "./choice.js";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";

/** @typedef {import("../types/api.js").Knob} Knob */

/** The most letters that fit on buttons side by side. */
const MAX_LETTERS = 26;
/** The labels of names that are not words. @type {{[name: string]: string}} */
const NAMES = { rnn: "RNN", lstm: "LSTM", gru: "GRU", conv: "Convolutions" };

/**
 * @param {Knob} knob
 * @param {string} value
 * @param {(value: string) => void} set
 */
export function optionsControl(knob, value, set) {
  const rows = (knob.choices ?? []).map((kind) => ({ kind, label: optionLabel(kind), explain: "", formula: "" }));
  const letters = rows.reduce((sum, { label }) => sum + label.length + 2, 0);
  if (letters > MAX_LETTERS) return select(knob, rows, value, set);
  return html`<div class="knob ${problemAt(knob.path) ? "refused" : ""}">
    <div class="knob-head">${labelOf(knob)}</div>
    <div
      id=${idOf(knob.path)}
      class="segmented options"
      role="radiogroup"
      aria-label=${knob.label}
      aria-invalid=${invalid(knob.path)}
      aria-describedby=${describedBy(knob.path)}
      aria-description=${tipOf(knob)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => onArrowKey(event, rows, value, set)}
    >
      ${rows.map(
        ({ kind, label }) => html`<button
          type="button"
          role="radio"
          aria-checked=${kind === value ? "true" : "false"}
          tabindex=${kind === value ? "0" : "-1"}
          @click=${() => kind !== value && set(kind)}
        >
          ${label}
        </button>`,
      )}
    </div>
    ${problemText(knob.path)}
  </div>`;
}

/**
 * The label of an option: "learned" as "Learned", "lstm" as "LSTM", an activation by its own name.
 * @param {string} kind
 */
export function optionLabel(kind) {
  const row = catalogue.peek()?.activations.find((one) => one.kind === kind);
  const words = kind.replaceAll("_", " ");
  return NAMES[kind] ?? row?.label ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {KeyboardEvent} event
 * @param {{kind: string}[]} rows
 * @param {string} value
 * @param {(value: string) => void} set
 */
function onArrowKey(event, rows, value, set) {
  const far = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!far) return;
  event.preventDefault();
  const at = rows.findIndex(({ kind }) => kind === value);
  const next = rows[(at + far + rows.length) % rows.length];
  if (!next) return;
  set(next.kind);
  const buttons = /** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button");
  buttons[rows.indexOf(next)]?.focus();
}
