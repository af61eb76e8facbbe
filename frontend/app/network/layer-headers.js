/**
 * The headers over the columns: each layer's name, its number of units with − and +, its activation, and
 * between the columns the places to add a layer.
 *
 * @typedef {import("./topology.js").Column} Column
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./model-changes.js").Model} Model
 * @typedef {import("./model-changes.js").Changes} Changes
 * @typedef {{columns: Column[], layout: Layout, model: Model, output: string,
 *   catalogue: import("../types/api.js").Catalogue, apply: (changes: Changes) => void,
 *   refused: (path: string) => boolean, verbs: import("../panels/context.js").Verbs}} LayerHeaders `refused`: whether a field has a message below the network
 */
import { html, nothing, render } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { parseNumber } from "../controls/numbers.js";
import { allowedText, inputError } from "../controls/number-range.js";
import { textValue } from "../controls/text-value.js";
import { keepText, shownText, revert } from "../controls/rejected-text.js";
import { setActivation, activationOf, insertLayer, kindOf, removeLayer, resizeLayer } from "./model-changes.js";

/** @param {HTMLElement} host @param {LayerHeaders} headers */
export function drawLayerHeaders(host, headers) {
  const { columns, layout, catalogue, model, apply } = headers;
  const full = model.hidden.length >= catalogue.limits.max_layers;
  render(
    html`${repeat(
      columns,
      (column) => `${column.role}.${column.layer}`,
      (column) => html`<div
        class="net-head"
        role="group"
        aria-label=${column.title}
        data-layer=${column.layer}
      >
        ${header(column, headers)}
      </div>`,
    )}
    ${columns.slice(1).map(
      (column) => html`<button
        type="button"
        class="net-add"
        ?disabled=${full}
        data-tip=${full
          ? `This server allows ${catalogue.limits.max_layers} hidden layers`
          : "Add a hidden layer here (restarts)"}
        aria-label="Add a hidden layer before ${column.title.toLowerCase()}"
        @click=${() => apply(insertLayer(model, column.layer - 1))}
      >
        <span aria-hidden="true">+</span>
      </button>`,
    )}`,
    host,
  );
  const over = host.querySelectorAll(".net-head");
  layout.places.forEach((place, index) => setLeft(over[index], place.x));
  host.querySelectorAll(".net-add").forEach((button, index) => {
    const left = layout.places[index]?.x ?? 0;
    const right = layout.places[index + 1]?.x ?? 0;
    setLeft(button, (left + right) / 2);
  });
}

/** @param {Element | undefined} element @param {number} x */
function setLeft(element, x) {
  if (element instanceof HTMLElement) element.style.left = `${x}px`;
}

/** @param {Column} column @param {LayerHeaders} headers */
function header(column, headers) {
  if (column.role === "input") {
    return html`<div class="net-title">${column.title}</div>
      <div class="net-note">${column.total === 1 ? "1 feature" : `${column.total} features`}</div>`;
  }
  if (column.role === "output") {
    return html`<div class="net-title">${column.title}</div>
      <div class="net-note">${headers.output}</div>`;
  }
  return hiddenHeader(column, headers);
}

/** @param {Column} column @param {LayerHeaders} headers */
function hiddenHeader(column, { model, catalogue, apply, refused, verbs }) {
  const index = column.layer - 1;
  const units = model.hidden[index] ?? column.total;
  const most = catalogue.limits.max_width;
  const name = column.title.toLowerCase();
  const path = `model.hidden.${index}`;
  const wrong = refused(path);
  const text = shownText(path, units, `${units}`);
  const chosen = kindOf(activationOf(model, index));
  const row = catalogue.activations.find(({ kind }) => kind === chosen);
  /** @param {Event} event */
  const commitUnits = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.value.trim() === text) return;
    const wanted = parseNumber(field.value, { whole: true });
    const range = unitsOf(name, most);
    const found = inputError(range, field.value, wanted);
    keepText(path, field.value, units);
    if (found !== null || wanted === null) verbs.showFieldError(path, found ?? "", `Give ${allowedText(range)}.`);
    else if (wanted !== units) apply(resizeLayer(model, index, wanted));
    else field.value = `${units}`;
  };
  return html`<div class="net-title">
      ${column.title}<button
        type="button"
        class="net-remove"
        data-tip="Remove this layer (restarts)"
        aria-label="Remove ${name}"
        @click=${() => apply(removeLayer(model, index))}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
    <div class="net-count">
      <button
        type="button"
        ?disabled=${units <= 1}
        aria-label="One unit fewer in ${name}"
        @click=${() => apply(resizeLayer(model, index, units - 1))}
      >
        <span aria-hidden="true">−</span>
      </button>
      <label data-tip="Units of ${name}, 1 to ${most}: type a number (restarts)"
        ><input
          inputmode="numeric"
          size=${Math.max(1, text.length)}
          aria-label="Units of ${name}"
          aria-invalid=${wrong ? "true" : "false"}
          aria-describedby=${wrong ? "net-message" : nothing}
          ${textValue(text)}
          @input=${() => verbs.clearFieldError(path)}
          @keydown=${(/** @type {KeyboardEvent} */ event) =>
            event.key === "Escape" &&
            revert(path, /** @type {HTMLInputElement} */ (event.currentTarget), `${units}`)}
          @change=${commitUnits}
        /><span>${units === 1 ? "unit" : "units"}</span></label
      >
      <button
        type="button"
        ?disabled=${units >= most}
        aria-label="One unit more in ${name}"
        @click=${() => apply(resizeLayer(model, index, units + 1))}
      >
        <span aria-hidden="true">+</span>
      </button>
    </div>
    <div class="net-activation">
      <select
        aria-label="Activation of ${name}"
        data-tip=${row?.explain ?? ""}
        data-formula=${row ? `\\sigma(z) = ${row.formula}` : ""}
        @change=${(/** @type {Event} */ event) =>
          apply(setActivation(model, index, /** @type {HTMLSelectElement} */ (event.target).value))}
      >
        ${catalogue.activations.map(
          (row) => html`<option value=${row.kind} ?selected=${live(row.kind === chosen)}>
            ${row.label}
          </option>`,
        )}
      </select>
    </div>`;
}

/** The allowed numbers of units, in words. @param {string} name @param {number} most
 * @returns {Parameters<typeof allowedText>[0] & Parameters<typeof inputError>[0]} */
function unitsOf(name, most) {
  return {
    label: `The number of units of ${name}`, type: "integer", min: 1, max: most, unit: "", explain: "",
    exclusive_min: false, exclusive_max: false, nullable: false,
  }; // prettier-ignore
}
