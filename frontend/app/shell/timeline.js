/** The timeline at the bottom: drag it to view past steps and continue from them. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { variable } from "../controls/variable.js";
import * as actions from "../state/actions.js";
import { shown } from "../state/shown.js";
import * as store from "../state/store.js";
import { drawSparkline } from "./sparkline.js";
import { nearest, stepForKey } from "./track.js";

/** From this share of the width on, a place means live. */
const LIVE = 0.985;

const whole = (/** @type {number} */ value) => value.toLocaleString("en");
const now = () => shown.progress.value?.step ?? 0;
/**
 * The step at the right end. A run restored after its worker died may repeat steps already seen: the
 * line then keeps its length.
 */
const end = () => Math.max(now(), shown.viewedStep.value ?? 0, shown.series.value("step") || 0);

/** @param {HTMLElement} host @returns {() => void} */
export function mountTimeline(host) {
  let due = false;
  const draw = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const canvas = host.querySelector("canvas");
      if (canvas) drawSparkline(canvas, Math.max(1, end()));
    });
  };
  const sized = new ResizeObserver(draw);
  sized.observe(host);
  const stops = [
    effect(() => void render(frame(), host)),
    effect(() => {
      void [shown.steps.value, store.theme.value, now()];
      draw();
    }),
    shown.series.subscribe(draw),
    () => sized.disconnect(),
  ];
  return () => stops.forEach((stop) => stop());
}

function frame() {
  const viewed = shown.viewedStep.value;
  const last = Math.max(now(), viewed ?? 0);
  const at = viewed ?? last;
  const share = viewed === null ? Math.min(1, last) : viewed / Math.max(1, end());
  return html`
    <div class="timeline-head">
      <h2>Timeline</h2>
      <span class="caption hint">${hint(viewed)}</span>
      <span class="timeline-actions">
        ${viewed === null
          ? nothing
          : html`<button class="button small" type="button" @click=${() => actions.viewStep(null)}>
                Back to live <kbd>L</kbd>
              </button>
              <button class="button small primary" type="button" @click=${() => actions.forkHere()}>
                Continue from here
              </button>`}
      </span>
      <output class="number">step ${whole(at)} of ${whole(last)}</output>
    </div>
    <div
      class="track ${viewed === null ? "" : "past"}"
      role="slider"
      tabindex="0"
      aria-label="Viewed step"
      aria-valuemin="0"
      aria-valuemax=${last}
      aria-valuenow=${at}
      aria-valuetext=${viewed === null ? `live, step ${whole(last)}` : `step ${whole(viewed)} of ${whole(last)}`}
      ${variable("--at", share.toFixed(5))}
      @pointerdown=${grab}
      @pointermove=${drag}
      @keydown=${keyed}
    >
      <canvas aria-hidden="true"></canvas>
      <div class="bar"></div>
      <div class="handle"></div>
    </div>
  `;
}

/** @param {number | null} viewed */
function hint(viewed) {
  if (Object.keys(shown.pending.value).length) return "your changes apply when you continue from here";
  return viewed === null
    ? "drag to view an earlier step, and continue from there"
    : "an earlier step is shown; the run itself continues";
}

/** @param {PointerEvent} event */
function grab(event) {
  if (event.button !== 0) return;
  const track = /** @type {HTMLElement} */ (event.currentTarget);
  track.setPointerCapture(event.pointerId);
  look(event);
}

/** @param {PointerEvent} event */
function drag(event) {
  const track = /** @type {HTMLElement} */ (event.currentTarget);
  if (track.hasPointerCapture(event.pointerId)) look(event);
}

/**
 * Views the step under the pointer: the nearest snapshot, which is quick to show; with Shift any step.
 * @param {PointerEvent} event
 */
function look(event) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  const step = share * end();
  if (share >= LIVE) actions.viewStep(null);
  else actions.viewStep(event.shiftKey ? step : nearest(shown.steps.value, step));
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const where = { steps: shown.steps.value, from: shown.viewedStep.value ?? now(), now: now() };
  const step = stepForKey(event, where);
  if (step === undefined) return;
  event.preventDefault();
  actions.viewStep(step);
}
