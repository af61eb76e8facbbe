/** The control for the hidden layers' units, typed as "12 12 8", or "8x20" for twenty layers of 8. */

import { html } from "lit-html";
import { changeMany } from "../state/actions.js";
import { showFieldError, clearFieldError } from "../state/refusals.js";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { keepText, shownText, revert } from "./rejected-text.js";
import { textValue } from "./text-value.js";

/** @typedef {import("../types/api.js").Choice} Choice */

/**
 * @param {import("../types/api.js").Knob} knob
 * @param {number[]} hidden
 * @param {Choice | Choice[]} activation
 */
export function layersControl(knob, hidden, activation) {
  const holds = layersText(hidden);
  const text = shownText(knob.path, hidden, holds);
  return html`<div class="knob ${problemAt(knob.path) ? "refused" : ""}">
    <div class="knob-head">${labelOf(knob)}</div>
    <input
      id=${idOf(knob.path)}
      class="text number"
      type="text"
      autocomplete="off"
      spellcheck="false"
      placeholder="for example 12 12 8"
      aria-invalid=${invalid(knob.path)}
      aria-describedby=${describedBy(knob.path)}
      aria-description="${tipOf(knob)} Separate the numbers by spaces."
      ${textValue(text)}
      @input=${() => clearFieldError(knob.path)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        if (event.key === "Enter") input.blur();
        if (event.key === "Escape") revert(knob.path, input, holds);
      }}
      @change=${(/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        if (input.value === holds) return undefined;
        const widths = parseLayers(input.value);
        keepText(knob.path, input.value, hidden);
        if (widths) return changeMany(layerChanges(knob.path, { activation }, widths));
        const empty = input.value.trim() === "";
        const wrong = empty ? `${knob.label} is empty` : `“${input.value}” is not a list of layers`;
        showFieldError(knob.path, wrong, "Give the number of units of each layer, such as 12 12 8, or “none” for no hidden layer.");
        return undefined;
      }}
    />
    ${problemText(knob.path)}
  </div>`;
}

/** The layers as text, "12 · 12 · 8"; a long list in runs of equal layers, "8×20". @param {number[]} hidden */
export function layersText(hidden) {
  if (hidden.length === 0) return "none";
  if (hidden.length <= 6) return hidden.join(" · ");
  /** @type {{width: number, times: number}[]} */
  const runs = [];
  for (const width of hidden) {
    const last = runs.at(-1);
    if (last?.width === width) last.times += 1;
    else runs.push({ width, times: 1 });
  }
  return runs.map(({ width, times }) => (times > 1 ? `${width}×${times}` : width)).join(" · ");
}

/**
 * Parses "8, 8", "8·8", "8x3" (three layers of 8), "none" for no hidden layer; null for any other text.
 * @param {string} text
 * @returns {number[] | null}
 */
export function parseLayers(text) {
  const parts = text.trim().replace(/[\[\]()]/g, "").split(/[\s,;·]+/).filter(Boolean);
  // An empty field may be about to be filled: a network without hidden layers needs the word.
  if (parts.length === 0) return null;
  if (parts.length === 1 && /^(none|–|-)$/i.test(parts[0] ?? "")) return [];
  const hidden = parts.map((part) => {
    const [, width, times = "1"] = /^([1-9]\d{0,5})(?:[x×*](\d{1,3}))?$/.exec(part) ?? [];
    return width ? Array.from({ length: Number(times) }, () => Number(width)) : null;
  });
  return hidden.includes(null) ? null : hidden.flatMap((widths) => widths ?? []);
}

/**
 * The changes of the widths, and of the activations with them if each layer has its own.
 * @param {string} path
 * @param {{activation: Choice | Choice[]}} model
 * @param {number[]} hidden
 */
export function layerChanges(path, { activation }, hidden) {
  if (!Array.isArray(activation)) return { [path]: hidden };
  const last = activation.at(-1) ?? "linear";
  const each = hidden.map((_, index) => activation[index] ?? last);
  return { [path]: hidden, "model.activation": each.length ? each : last };
}
