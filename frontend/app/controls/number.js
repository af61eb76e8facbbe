/**
 * The control for a number: a field for typing, and a slider if one makes sense. Tab stops at the slider
 * alone; Enter or a digit moves from it into the field, Enter or Escape back.
 */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { showFieldError, clearFieldError } from "../state/refusals.js";
import { plainSymbol, wordForNone } from "../state/words.js";
import { keepText, shownText, revert } from "./rejected-text.js";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { fieldNumber, formatNumber, isNoneWord, parseNumber } from "./numbers.js";
import { allowedText, inputError } from "./number-range.js";
import { scaleOf } from "./scale.js";
import { textValue } from "./text-value.js";
import { variable } from "./variable.js";

/**
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {(value: number | null) => void} Set
 */

/** The most letters of a button that fit between a name and its number. */
const MAX_BUTTON_LETTERS = 14;

/**
 * The value of a slider that is being dragged.
 * @type {import("@preact/signals-core").Signal<{path: string, value: number} | null>}
 */
const draggedSlider = signal(null);

/**
 * @param {Knob} knob
 * @param {number | null} value
 * @param {Set} set
 */
export function numberControl(knob, value, set) {
  const scale = scaleOf(knob);
  const shown = draggedSlider.value?.path === knob.path ? draggedSlider.value.value : value;
  const share = knob.unit === "share";
  const refused = problemAt(knob.path) ? "refused" : "";
  const none = knob.nullable ? noneToggle(knob, value, set) : nothing;
  const short = wordForNone(knob.explain).length <= MAX_BUTTON_LETTERS;
  return html`<div class="knob ${isShort(knob) ? "short" : ""} ${refused}">
    <div class="knob-head">
      ${labelOf(knob)} ${short ? none : nothing} ${field(knob, shown, set, scale !== null)}
      ${knob.unit && !share ? html`<span class="unit">${knob.unit}</span>` : nothing}
    </div>
    ${scale ? slider(knob, scale, shown, set) : nothing} ${short ? nothing : none}
    ${problemText(knob.path)}
  </div>`;
}

/**
 * Whether half the form's width is enough for a knob's name, symbol, mark and number.
 * @param {Knob} knob
 */
export function isShort({ label, symbol, unit, restart, nullable, default: usual }) {
  const letter = plainSymbol(symbol);
  const long = typeof usual === "number" && usual >= 1000;
  const length = label.length + (letter && letter !== label ? 2 : 0) + (restart ? 2 : 0) + (long ? 2 : 0);
  return !nullable && (!unit || unit === "share") && length <= 10;
}

/** @param {Knob} knob @param {number | null} value @param {Set} set @param {boolean} slides has a slider */
function field(knob, value, set, slides) {
  const holds = textOf(knob, value);
  const text = shownText(knob.path, value, holds);
  return html`<input
    id=${idOf(knob.path)}
    class="typed number"
    type="text"
    inputmode="decimal"
    autocomplete="off"
    spellcheck="false"
    size=${Math.max(3, text.length)}
    tabindex=${slides ? "-1" : nothing}
    aria-invalid=${invalid(knob.path)}
    aria-describedby=${describedBy(knob.path)}
    aria-description=${tipOf(knob)}
    ${textValue(text)}
    @focus=${(/** @type {FocusEvent} */ event) => inputOf(event).select()}
    @blur=${(/** @type {FocusEvent} */ event) => fromSlider.delete(inputOf(event))}
    @input=${() => clearFieldError(knob.path)}
    @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, knob, value, set)}
    @change=${(/** @type {Event} */ event) => {
      commitText(knob, inputOf(event).value, { value, text, holds }, set);
    }}
  />`;
}

/** A value as text in its field. @param {Knob} knob @param {number | null} value */
const textOf = ({ type, unit }, value) =>
  value === null ? "–" : fieldNumber(value, { share: unit === "share", whole: type === "integer" });

/** @param {Event} event */
const inputOf = (event) => /** @type {HTMLInputElement} */ (event.currentTarget);

/**
 * @param {Knob} knob
 * @param {string} typed
 * @param {{value: number | null, text: string, holds: string}} before the value and text before
 * @param {Set} set
 */
function commitText(knob, typed, before, set) {
  if (typed.trim() === before.text || typed.trim() === before.holds) return;
  const value = parseNumber(typed, { share: knob.unit === "share", whole: knob.type === "integer" });
  keepText(knob.path, typed, before.value);
  if (knob.nullable && value === null && isNoneWord(typed)) return set(null);
  const wrong = inputError(knob, typed, value);
  if (wrong === null) return set(value);
  showFieldError(knob.path, wrong, `Give ${allowedText(knob)}.`);
}

/** The other input of a control. @param {HTMLElement} input @param {string} selector */
const beside = (input, selector) =>
  /** @type {HTMLElement | null | undefined} */ (input.closest(".knob")?.querySelector(selector));

/** Fields that were entered by a key of their slider, not by a pointer. @type {WeakSet<HTMLElement>} */
const fromSlider = new WeakSet();

/** Moves from the slider into the field, where a digit replaces the number. @param {KeyboardEvent} event */
function enterField(event) {
  const typed = /^[\d.,−-]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key !== "Enter" && !typed) return;
  if (event.key === "Enter") event.preventDefault();
  const field = beside(inputOf(event), ".typed");
  if (!field) return;
  fromSlider.add(field);
  field.focus();
}

/** @param {KeyboardEvent} event @param {Knob} knob @param {number | null} value @param {Set} set */
function onKey(event, knob, value, set) {
  const input = inputOf(event);
  const slider = fromSlider.has(input) ? beside(input, ".slider") : null;
  if (event.key === "Enter") input.blur(); // applies the text
  if (event.key === "Escape") revert(knob.path, input, textOf(knob, value));
  if (event.key === "Enter" || event.key === "Escape") slider?.focus();
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    set(nextValue(knob, value, event.key === "ArrowUp" ? 1 : -1));
  }
}

/**
 * The next value up or down, by a step, or on a logarithmic scale by a tenth of a decade: whole numbers by
 * the next round one. Beyond the slider's range, and without a slider, by a step.
 * @param {Knob} knob
 * @param {number | null} value
 * @param {1 | -1} direction
 */
export function nextValue(knob, value, direction) {
  const low = knob.min ?? -Infinity;
  const high = knob.max ?? Infinity;
  const now = value ?? knob.shown?.[1] ?? 0;
  const scale = scaleOf(knob);
  if (scale) {
    const start = scale.position(now);
    // Values are round: several positions may have the same one.
    for (let far = knob.scale === "log" && knob.type === "number" ? 7 : 1; far <= scale.ticks; far++) {
      const next = scale.value(start + far * direction);
      if (Math.sign(next - now) === direction && next >= low && next <= high) return next;
    }
  }
  const whole = knob.type === "integer";
  const step = knob.scale === "linear" ? (knob.step ?? 1) : 1;
  return whole ? Math.min(high, Math.max(low, now + step * direction)) : now;
}

/**
 * @param {Knob} knob
 * @param {import("./scale.js").Scale} scale
 * @param {number | null} value
 * @param {Set} set
 */
function slider(knob, scale, value, set) {
  const at = value === null ? scale.ticks : scale.position(value);
  const text = value === null ? wordForNone(knob.explain) : formatNumber(value);
  return html`<input
    class="slider ${value === null ? "idle" : ""}"
    type="range"
    min="0"
    max=${scale.ticks}
    step="1"
    aria-label=${knob.label}
    aria-valuetext=${text}
    aria-description=${tipOf(knob)}
    aria-describedby=${describedBy(knob.path)}
    aria-keyshortcuts="Enter"
    .value=${live(String(at))}
    ${variable("--fill", (at / scale.ticks).toFixed(4))}
    @keydown=${(/** @type {KeyboardEvent} */ event) => onSliderKey(event, knob, value, set)}
    @input=${(/** @type {Event} */ event) => onDrag(knob, sliderValue(scale, event), set)}
    @change=${(/** @type {Event} */ event) => onRelease(sliderValue(scale, event), set)}
  />`;
}

/**
 * Arrow keys change the value, not the position: beside a round value are positions of the same one.
 * @param {KeyboardEvent} event
 * @param {Knob} knob
 * @param {number | null} value
 * @param {Set} set
 */
function onSliderKey(event, knob, value, set) {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!by) return enterField(event);
  event.preventDefault();
  const next = nextValue(knob, value, by > 0 ? 1 : -1);
  if (next !== value) set(next);
}

/** @param {import("./scale.js").Scale} scale @param {Event} event */
const sliderValue = (scale, event) => scale.value(Math.round(Number(inputOf(event).value)));

/**
 * Handles dragging: a live knob is set at once; a knob that restarts is set on release.
 * @param {Knob} knob
 * @param {number} value
 * @param {Set} set
 */
function onDrag(knob, value, set) {
  draggedSlider.value = { path: knob.path, value };
  if (!knob.restart) set(value);
}

/** @param {number} value @param {Set} set */
function onRelease(value, set) {
  draggedSlider.value = null;
  set(value);
}

/** @param {Knob} knob @param {number | null} value @param {Set} set */
function noneToggle(knob, value, set) {
  const low = knob.shown?.[0] ?? 1;
  const high = knob.shown?.[1] ?? low;
  const usual = typeof knob.default === "number" ? knob.default : Math.round(Math.sqrt(low * high));
  return html`<button
    class="chip"
    type="button"
    aria-pressed=${value === null ? "true" : "false"}
    @click=${() => set(value === null ? usual : null)}
  >
    ${wordForNone(knob.explain).replace(/^the /, "")}
  </button>`;
}
