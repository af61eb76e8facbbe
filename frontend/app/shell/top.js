/** The bar at the top: the run's name, the frequent actions, and the run's progress. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { readout } from "../controls/numbers.js";
import { percent } from "../marks/scales.js";
import "../state/stalling.js";
import { shown } from "../state/shown.js";
import * as store from "../state/store.js";
import { shortOf, ownership } from "../state/ownership.js";
import { nameOf } from "../state/words.js";
import { openDrawer } from "./drawer.js";
import { openGallery } from "./gallery.js";
import { openHelp } from "./help.js";
import * as icons from "./icons.js";
import { togglePresentation, toggleTheme } from "./appearance.js";
import { openExport, openShare } from "./share.js";
import { transport } from "./transport.js";

const WAITING =
  "No progress for two seconds: a step takes longer, or the run waits for another worker to continue from its last snapshot.";

/** @param {HTMLElement} host @returns {() => void} */
export function mountTop(host) {
  const stops = [
    effect(() => void render(frame(), host)),
    // Readouts change ten times a second; the rest of the bar is not rendered again for them.
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
      <button
        id="new"
        class="button small"
        type="button"
        data-tip="Start a new run from an example"
        @click=${openGallery}
      >
        New
      </button>
      ${ownerMark()}
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
  const { run, spec } = shown;
  const { catalogue } = store;
  if (!run.value || !catalogue.value || !spec.value) return nothing;
  return html`Run <strong>${nameOf(catalogue.value, spec.value)}</strong>`;
}

/** The owner of the run that an administrator commands. */
function ownerMark() {
  if (ownership.value !== "other" || !shown.run.value) return nothing;
  const { owner } = shown.run.value;
  return html`<span class="owner" data-tip="Someone else’s run. You can control it as administrator.">
    ${icons.personIcon}<span>of ${shortOf(owner)}</span>
  </span>`;
}

function readouts() {
  const { progress, viewedStep } = shown;
  const now = progress.value;
  const past = viewedStep.value;
  const step = figure("Step", whole(past ?? now?.step));
  if (store.presenting.value) return html`${step}${mainFigure()}`;
  const epoch = past === null ? (now?.epoch ?? null) : finite(shown.series.value("epoch", past));
  const waiting = past === null && shown.stalled.value;
  const live = now?.status === "running" && !waiting ? now.steps_per_second : null;
  const rate = past === null ? live : finite(shown.series.value("steps_per_second", past));
  return html`
    ${step}
    ${figure("Epoch", whole(epoch === null ? null : Math.floor(epoch)))}
    ${figure("Steps/s", rate === null ? "–" : rate < 10 ? readout(rate) : whole(Math.round(rate)), waiting)}
  `;
}

/** The measures of a run from the most telling one on; a run has some of them. */
const MEASURES = [
  { name: "test_accuracy", label: "Test accuracy", write: percent },
  { name: "test_r2", label: "Test R²", write: readout },
  { name: "test_elbo", label: "Test ELBO", write: readout },
  { name: "test_loss", label: "Test loss", write: readout },
  { name: "train_loss", label: "Train loss", write: readout },
];

/** The one measure of presentation mode, at the viewed step. */
function mainFigure() {
  const { progress, run, series, viewedStep } = shown;
  const metrics = progress.value?.metrics ?? run.value?.metrics ?? {};
  const measure = MEASURES.find(({ name }) => typeof metrics[name] === "number");
  if (!measure) return nothing;
  const past = viewedStep.value;
  const value = past === null ? metrics[measure.name] : finite(series.value(measure.name, past));
  return figure(measure.label, typeof value === "number" ? measure.write(value) : "–");
}

const finite = (/** @type {number} */ value) => (Number.isFinite(value) ? value : null);

/** @param {number | null | undefined} value */
const whole = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en"));

/** @param {string} name @param {string} value @param {boolean} [waiting]  for the next value */
function figure(name, value, waiting = false) {
  return html`<div class="figure" data-tip=${waiting ? WAITING : nothing}>
    <span class="caption">${name}</span
    ><output class="number">${value}${waiting ? html` <span class="caption">waiting</span>` : nothing}</output>
  </div>`;
}
