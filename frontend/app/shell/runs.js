/** The runs of this browser: a press opens one. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { readout } from "../controls/numbers.js";
import { deleteRun, openRun } from "../state/actions.js";
import { run, runs } from "../state/store.js";
import { closeIcon } from "./icons.js";

/** @typedef {import("../state/store.js").Remembered} Remembered */

/** @param {HTMLElement} host @returns {() => void} */
export function mountRuns(host) {
  return effect(() => {
    const current = run.value?.id ?? "";
    const all = runs.value;
    render(
      html`<header class="panel-head">
          <h2>Runs</h2>
          <span class="caption">${all.length || "none"} in this browser</span>
        </header>
        <ul class="run-cards">
          ${repeat(all, ({ id }) => id, (entry) => card(entry, entry.id === current))}
        </ul>`,
      host,
    );
  });
}

/** @param {Remembered} entry @param {boolean} current */
function card({ id, name, note, loss, step }, current) {
  const label = `${name}, ${note}, step ${step.toLocaleString("en")}, loss ${readout(loss)}`;
  return html`<li class="run-card" aria-current=${current ? "true" : nothing}>
    <button
      type="button"
      class="open"
      aria-label=${label}
      data-tip="${name}: ${note === name ? "" : `${note}, `}step ${step.toLocaleString("en")}"
      @click=${() => current || void openRun(id)}
    >
      <strong class="number">${step === 0 ? "new" : loss === null ? "diverged" : readout(loss)}</strong>
      <span class="caption">${note || name}</span>
    </button>
    <button class="delete" type="button" aria-label="Delete ${label}" @click=${() => void deleteRun(id)}>
      ${closeIcon}
    </button>
  </li>`;
}
