/** The timeline at the bottom: drag it to view past steps and continue from them. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { variable } from "../controls/variable.js";
import { watchSize } from "../marks/watch-size.js";
import { markAt, marksOf } from "../panels/change-marks.js";
import { ChangeNote } from "../panels/change-note.js";
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

/** The width of the line, in CSS pixels. */
const width = signal(0);
/** The place under the pointer, in CSS pixels. @type {import("@preact/signals-core").Signal<number | null>} */
const pointed = signal(null);

/**
 * @param {HTMLElement} host
 * @param {import("../panels/context.js").Context["changes"]} changes
 * @returns {() => void}
 */
export function mountTimeline(host, changes) {
  const note = new ChangeNote();
  const marks = () => marksOf(changes.value, (step) => (step / Math.max(1, end())) * width.value);
  let due = false;
  const draw = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const canvas = host.querySelector("canvas");
      if (canvas) drawSparkline(canvas, Math.max(1, end()), marks());
    });
  };
  const stops = [
    effect(() => {
      const mark = markLookedAt(marks());
      render(frame(mark, note), host);
      note.show(mark, { left: 0, width: width.value });
    }),
    effect(() => {
      void [shown.steps.value, store.theme.value, now(), changes.value];
      draw();
    }),
    shown.series.subscribe(draw),
    watchSize(host, () => {
      width.value = host.querySelector(".track")?.clientWidth ?? 0;
      draw();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/**
 * The mark under the pointer, else at the viewed step.
 * @param {import("../panels/change-marks.js").Mark[]} marks
 */
function markLookedAt(marks) {
  const viewed = shown.viewedStep.value;
  const x = pointed.value ?? (viewed === null ? null : (viewed / Math.max(1, end())) * width.value);
  return x === null ? null : markAt(marks, x);
}

/** @param {import("../panels/change-marks.js").Mark | null} mark  that is looked at @param {ChangeNote} note */
function frame(mark, note) {
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
      aria-valuetext=${valueText(viewed, last, mark)}
      ${variable("--at", share.toFixed(5))}
      @pointerdown=${grab}
      @pointermove=${drag}
      @pointerleave=${() => (pointed.value = null)}
      @keydown=${keyed}
    >
      <canvas aria-hidden="true"></canvas>
      <div class="bar"></div>
      <div class="handle"></div>
      ${note.element}
    </div>
  `;
}

/** @param {number | null} viewed @param {number} last @param {import("../panels/change-marks.js").Mark | null} mark */
function valueText(viewed, last, mark) {
  if (viewed === null) return `live, step ${whole(last)}`;
  return `step ${whole(viewed)} of ${whole(last)}${mark ? `. Change at ${mark.text}` : ""}`;
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
  pointed.value = null;
  look(event);
}

/** @param {PointerEvent} event */
function drag(event) {
  const track = /** @type {HTMLElement} */ (event.currentTarget);
  if (track.hasPointerCapture(event.pointerId)) look(event);
  else if (event.pointerType === "mouse") pointed.value = event.clientX - track.getBoundingClientRect().left;
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
