/** The control for the dataset: a tile each with its points drawn. A radio group with one tab stop. */

import { html } from "lit-html";
import { describedBy, invalid, problemText } from "./field.js";

/** @typedef {import("../types/api.js").DataKind} DataKind */

/**
 * @param {DataKind[]} rows
 * @param {string} kind
 * @param {(kind: string) => void} set
 */
export function dataTiles(rows, kind, set) {
  return html`<div
      class="tiles"
      role="radiogroup"
      aria-label="Dataset"
      aria-invalid=${invalid("data.kind")}
      aria-describedby=${describedBy("data.kind")}
      @keydown=${(/** @type {KeyboardEvent} */ event) => onArrowKey(event, rows, kind, set)}
    >
      ${rows.map(
        (row) => html`<button
          class="tile"
          type="button"
          role="radio"
          aria-checked=${row.kind === kind ? "true" : "false"}
          aria-label=${row.label}
          tabindex=${row.kind === kind ? "0" : "-1"}
          data-tip="${row.label}. ${row.explain}"
          data-formula=${row.formula}
          @click=${() => row.kind !== kind && set(row.kind)}
        >
          <canvas data-kind=${row.kind} aria-hidden="true"></canvas>
        </button>`,
      )}
    </div>
    ${problemText("data.kind")}`;
}

/**
 * @param {KeyboardEvent} event
 * @param {DataKind[]} rows
 * @param {string} kind
 * @param {(kind: string) => void} set
 */
function onArrowKey(event, rows, kind, set) {
  const far = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!far) return;
  event.preventDefault();
  const at = rows.findIndex((row) => row.kind === kind);
  const next = rows[(at + far + rows.length) % rows.length];
  if (!next) return;
  set(next.kind);
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  /** @type {HTMLElement | null} */ (group.querySelector(`[data-kind="${next.kind}"]`))
    ?.closest("button")
    ?.focus();
}
