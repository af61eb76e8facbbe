/** The control for a choice of a few named rows: a native select, with the chosen row's formula below. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { plainSymbol } from "../state/words.js";
import { describedBy, idOf, invalid, labelOf, problemAt, problemText, tipOf } from "./field.js";
import { formula } from "./formula.js";
import { numberControl } from "./number.js";

/**
 * @typedef {import("../types/api.js").Choice} Choice
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").RowKnob} RowKnob
 * @typedef {{kind: string, label: string, explain: string, formula: string}} Row
 */

/** The most letters of LaTeX that fit beside a name. */
const MAX_LATEX = 70;

/**
 * @param {Pick<Knob, "path" | "label" | "symbol" | "explain" | "restart">} knob
 * @param {Row[]} rows
 * @param {string} kind  "" if there is more than one, as `mixed` describes
 * @param {(kind: string) => void} set
 * @param {{mixed?: string, parts?: string[]}} [how] parts: paths below it with their own controls,
 *   which show their refusals
 */
export function select(knob, rows, kind, set, { mixed = "", parts = [] } = {}) {
  const chosen = rows.find((row) => row.kind === kind);
  const meaning = chosen?.formula && chosen.formula.length <= MAX_LATEX
    ? html`<span class="knob-formula" data-tip=${chosen.explain} ${formula(chosen.formula)}></span>`
    : nothing;
  return html`<div class="knob ${problemAt(knob.path, parts) ? "refused" : ""}">
    <div class="knob-head">${labelOf(knob)} ${meaning}</div>
    <span class="select"
      ><select
        id=${idOf(knob.path)}
        aria-label=${knob.label}
        aria-invalid=${invalid(knob.path, parts)}
        aria-describedby=${describedBy(knob.path, parts)}
        aria-description=${tipOf(knob)}
        data-tip=${chosen?.explain ?? knob.explain}
        .value=${live(kind)}
        @change=${(/** @type {Event} */ event) =>
          set(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}
      >
        ${mixed ? html`<option value="" selected>${mixed}</option>` : nothing}
        ${rows.map(
          (row) =>
            html`<option value=${row.kind} ?selected=${row.kind === kind}>${row.label}</option>`,
        )}
      </select></span
    >
    ${problemText(knob.path, parts)}
  </div>`;
}

/**
 * A row of a table with its knobs: {"kind": "elu", "alpha": 1}, or the bare name.
 * @param {Knob} knob
 * @param {(Row & {knobs: RowKnob[]})[]} rows
 * @param {Choice | Choice[]} value
 * @param {(value: Choice) => void} set
 */
export function choiceControl(knob, rows, value, set) {
  const one = commonValue(value);
  const kind = one === null ? "" : kindOf(one);
  const row = rows.find((candidate) => candidate.kind === kind);
  const mixed = one === null && Array.isArray(value) ? mixedText(rows, value) : "";
  const parts = (row?.knobs ?? []).map(({ name }) => `${knob.path}.${name}`);
  return html`${select(knob, rows, kind, (next) => next && set(next), { mixed, parts })}
  ${row?.knobs.map((part) =>
    numberControl(
      asKnob(knob, part),
      one !== null && typeof one === "object" ? Number(one[part.name] ?? part.default) : part.default,
      (next) => {
        if (next === null) return;
        const known = one !== null && typeof one === "object" ? one : {};
        set({ ...known, kind, [part.name]: next });
      },
    ),
  )}`;
}

/** @param {Choice} choice */
const kindOf = (choice) => (typeof choice === "string" ? choice : choice.kind);

/**
 * The common value of a list, or null if the values differ.
 * @param {Choice | Choice[]} value
 * @returns {Choice | null}
 */
function commonValue(value) {
  if (!Array.isArray(value)) return value;
  const [first = null, ...others] = value;
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text) ? first : null;
}

/** @param {Row[]} rows @param {Choice[]} list */
function mixedText(rows, list) {
  const labels = list.map((one) => rows.find((row) => row.kind === kindOf(one))?.label ?? "");
  return `by layer: ${labels.join(", ")}`;
}

/**
 * The label of a knob: "gain" is a name; "alpha" and "a" only spell a symbol and get the explanation.
 * @param {string} name
 * @param {string} explain
 */
function nameOf(name, explain) {
  const spelled = name.length === 1 || plainSymbol(`\\${name}`) !== "";
  return spelled ? explain.replace(/\.$/, "") : name.charAt(0).toUpperCase() + name.slice(1);
}

/** @param {Knob} owner @param {RowKnob} part @returns {Knob} */
function asKnob(owner, { name, default: usual, min, max, symbol, explain }) {
  return {
    path: `${owner.path}.${name}`, name, type: "number", nullable: false,
    label: nameOf(name, explain), symbol, explain, unit: "", default: usual,
    min, max, exclusive_min: false, exclusive_max: false, shown: [min, max], step: null,
    scale: "linear", choices: null, when: {}, restart: owner.restart,
  }; // prettier-ignore
}
