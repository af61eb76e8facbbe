/** The quick settings: the few settings that presentation mode shows beside the picture. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { quickSettings } from "../state/quick-settings.js";
import { shown } from "../state/shown.js";
import { catalogue, presenting } from "../state/store.js";
import { knobControl } from "./knob.js";
import { problemViewer } from "./problem-viewer.js";

/**
 * @param {HTMLElement} host
 * @param {() => void} choose  opens the dialog that chooses them
 * @returns {() => void}
 */
export function mountQuickSettings(host, choose) {
  const showProblems = problemViewer(host);
  return effect(() => {
    const rows = catalogue.value;
    const spec = shown.spec.value;
    const problems = shown.errors.value;
    if (!presenting.value || !rows || !spec) return void render(nothing, host);
    render(
      html`<header class="panel-head">
          <h2>Quick settings</h2>
          <button class="button small" type="button" data-tip="Choose the settings shown here" @click=${choose}>
            Choose
          </button>
        </header>
        ${quickSettings(rows, spec).map((knob) => knobControl(rows, spec, knob))}`,
      host,
    );
    showProblems(problems);
  });
}
