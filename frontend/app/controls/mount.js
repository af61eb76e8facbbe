/** Mounts the form at the left, made from the catalogue. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { shown } from "../state/shown.js";
import { catalogue, presenting, theme } from "../state/store.js";
import { isWatched } from "../state/ownership.js";
import { drawPreview } from "./data-preview.js";
import { problemViewer } from "./problem-viewer.js";
import { sections } from "./sections.js";

/**
 * @param {HTMLElement} host
 * @param {() => unknown} [head] the template above the form
 * @returns {() => void}
 */
export function mount(host, head = () => nothing) {
  const drawnTheme = new WeakMap();
  const showProblems = problemViewer(host);
  return effect(() => {
    const rows = catalogue.value;
    const filled = shown.spec.value;
    const currentTheme = theme.value;
    const currentErrors = shown.errors.value;
    // Presentation mode hides the form: its fields must not be in the page twice.
    if (presenting.value) return void render(nothing, host);
    if (!rows || !filled) {
      render(skeleton(), host);
      return;
    }
    render([head(), isWatched() ? watchedNote() : nothing, sections(rows, filled, shown.described.value, shown.run.value)], host);
    for (const canvas of host.querySelectorAll("canvas")) {
      const row = rows.data.find((one) => one.kind === canvas.dataset["kind"]);
      if (!row || drawnTheme.get(canvas) === currentTheme) continue;
      drawPreview(canvas, row, canvas.clientWidth || 40);
      drawnTheme.set(canvas, currentTheme);
    }
    showProblems(currentErrors);
  });
}

/** The note on another person's run, for small screens, where the strip has no room for it. */
function watchedNote() {
  return html`<p class="form-note caption for-small">
    These settings belong to someone else’s run. A change makes a copy of the run that you control.
  </p>`;
}

/** The placeholder of the form until the catalogue is received. */
function skeleton() {
  return html`<div class="skeleton" aria-hidden="true">
    ${[3, 4, 5].map((rows) => html`<div>${Array.from({ length: rows }, () => html`<i></i>`)}</div>`)}
  </div>`;
}
