/** The bar at the top: which run this is, what one does all the time, and where the run stands. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { readout } from "../controls/numbers.js";
import * as actions from "../state/actions.js";
import { series } from "../state/session.js";
import * as store from "../state/store.js";
import { nameOf } from "../state/words.js";
import { openDrawer } from "./drawer.js";
import { openHelp } from "./help.js";
import * as icons from "./icons.js";
import { openExport, openShare } from "./share.js";
import { togglePresentation, toggleTheme } from "./appearance.js";

/** Steps a second that one can choose. */
export const PACES = [1, 5, 25, 120, 500, null];

/** @param {HTMLElement} host @returns {() => void} */
export function mountTop(host) {
  const stops = [
    effect(() => void render(frame(), host)),
    // Readouts change ten times a second; the rest of the bar need not be made anew for them.
    effect(() => {
      const place = host.querySelector(".readouts");
      if (place) render(readouts(), /** @type {HTMLElement} */ (place));
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function frame() {
  return html`
    <div class="brand">
      <button class="icon-button for-small" aria-label="Settings" @click=${openDrawer}>
        ${icons.slidersIcon}
      </button>
      ${icons.brandMark}<span class="brand-name">Livenet</span>
      <span class="run-name" aria-live="polite">${runName()}</span>
    </div>
    <div class="transport" role="group" aria-label="Transport">${transport()}</div>
    <div class="status">
      <div class="readouts"></div>
      <button class="button" type="button" @click=${openShare}>Share</button>
      <button class="button" type="button" @click=${openExport}>Export</button>
      <button
        class="icon-button"
        type="button"
        aria-label="Presentation mode"
        aria-pressed=${store.presenting.value ? "true" : "false"}
        data-tip="Large type for a projector (P)"
        @click=${togglePresentation}
      >
        ${icons.screenIcon}
      </button>
      <button
        class="icon-button"
        type="button"
        aria-label=${store.theme.value === "dark" ? "Light theme" : "Dark theme"}
        data-tip="Light or dark (T)"
        @click=${toggleTheme}
      >
        ${icons.themeIcon}
      </button>
      <button
        class="icon-button"
        type="button"
        aria-label="Help and shortcuts"
        data-tip="Help and shortcuts (?)"
        @click=${openHelp}
      >
        ?
      </button>
    </div>
  `;
}

function runName() {
  const { catalogue, run, spec } = store;
  if (!run.value || !catalogue.value || !spec.value) return nothing;
  return html`Run <strong>${nameOf(catalogue.value, spec.value)}</strong>`;
}

function transport() {
  const playing = store.run.value?.status === "running" && store.viewedStep.value === null;
  const off = !store.run.value || store.failure.value !== null;
  const verb = playing ? "Pause" : store.viewedStep.value === null ? "Play" : "Play on";
  return html`
    <button
      class="icon-button"
      type="button"
      aria-label="Reset"
      data-tip="Back to step 0 with the same weights (R)"
      ?disabled=${off}
      @click=${actions.reset}
    >
      ${icons.resetIcon}
    </button>
    <button
      id="play"
      class="button primary"
      type="button"
      ?disabled=${off}
      aria-keyshortcuts="Space"
      data-tip=${store.viewedStep.value === null ? "" : "Goes on from the step that you look at, in a run of its own"}
      @click=${actions.toggle}
    >
      ${playing ? icons.pauseIcon : icons.playIcon}<span>${verb}</span>
    </button>
    <button
      class="button"
      type="button"
      ?disabled=${off}
      data-tip="One step of the optimizer (→)"
      @click=${() => actions.step({ steps: 1 })}
    >
      Step <kbd>→</kbd>
    </button>
    <button
      class="button epoch"
      type="button"
      ?disabled=${off}
      data-tip="To the end of this epoch: once through the training data (Shift →)"
      @click=${() => actions.step({ epochs: 1 })}
    >
      Epoch
    </button>
    <label class="pace button" data-tip="How fast it trains at most">
      <span>Speed</span>
      <span class="select"><select
        aria-label="Speed, in steps a second"
        .value=${live(String(store.pace.value))}
        @change=${(/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLSelectElement} */ (event.currentTarget);
          void actions.setPace(value === "null" ? null : Number(value));
        }}
      >
        ${pacesWith(store.pace.value).map(
          (pace) =>
            html`<option value=${String(pace)} ?selected=${pace === store.pace.value}>
              ${pace === null ? "max" : `${pace}/s`}
            </option>`,
        )}
      </select></span>
    </label>
  `;
}

/** A script may have chosen a pace that is not among ours. @param {number | null} pace */
function pacesWith(pace) {
  if (PACES.includes(pace)) return PACES;
  const finite = [...PACES, pace].filter((one) => one !== null).sort((a, b) => a - b);
  return [...finite, null];
}

function readouts() {
  const { progress, viewedStep } = store;
  const now = progress.value;
  const past = viewedStep.value;
  const epoch = past === null ? (now?.epoch ?? null) : finite(series.value("epoch", past));
  const rate = now?.status === "running" ? now.steps_per_second : null;
  return html`
    ${figure("Step", whole(past ?? now?.step))}
    ${figure("Epoch", whole(epoch === null ? null : Math.floor(epoch)))}
    ${figure("Steps/s", rate === null ? "–" : rate < 10 ? readout(rate) : whole(Math.round(rate)))}
  `;
}

const finite = (/** @type {number} */ value) => (Number.isFinite(value) ? value : null);

/** @param {number | null | undefined} value */
const whole = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en"));

/** @param {string} name @param {string} value */
function figure(name, value) {
  return html`<div class="figure">
    <span class="caption">${name}</span><output class="number">${value}</output>
  </div>`;
}
