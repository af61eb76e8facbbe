/** The dialog that makes a group of runs: fields with their values, and how often and how long each is trained. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { parseNumber } from "../controls/numbers.js";
import { GroupDraft } from "../state/group-draft.js";
import { exampleOf, rangeProblem, rangeText, valueText } from "../state/group-fields.js";
import { groupShown } from "../state/groups.js";
import { shown } from "../state/shown.js";
import { catalogue } from "../state/store.js";
import { sentences } from "../stream/api-error.js";
import { Combobox } from "./combobox.js";
import { openDialog } from "./dialog.js";
import { closeIcon } from "./icons.js";

/** @typedef {import("../state/group-draft.js").Place} Place */
/** @typedef {import("../state/group-fields.js").Field} Field */

/** The most values that a caption lists. */
const LISTED = 8;

/** @typedef {{draft: GroupDraft, boxes: Combobox[], ranges: RangeState[]}} Parts */

/** A dialog that was closed before it made a group, for the next opening. @type {Parts | null} */
let kept = null;

/** Opens it for the run on the page, as it was left if the settings are still the same. */
export function openNewGroup() {
  const rows = catalogue.value;
  const spec = shown.spec.value;
  if (!rows || !spec) return;
  const written = shown.written.value;
  /** @type {Parts} */
  const parts = kept?.draft.isFor(written, spec)
    ? kept
    : {
        draft: new GroupDraft(rows, written, spec),
        boxes: [new Combobox("group-field-0"), new Combobox("group-field-1")],
        ranges: [rangeState(), rangeState()],
      };
  const { draft, boxes, ranges } = parts;
  kept = parts;
  const drop = () => {
    if (kept === parts) kept = null;
  };
  openDialog("Compare values", (close) => {
    const cancel = () => {
      drop();
      close();
    };
    const create = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.currentTarget);
      const made = await draft.create();
      if (made) {
        drop();
        close();
        groupShown.value = made.id;
      } else queueMicrotask(() => /** @type {HTMLElement | null} */ (form.querySelector('[aria-invalid="true"]'))?.focus());
    };
    return html`<form class="new-group form" novalidate @submit=${create}>
      <p class="caption">
        Trains this run’s settings again with other values, several times each with other seeds, and compares the results.
      </p>
      ${draft.chosen.value.map((_, at) => fieldOf(draft, at, /** @type {Combobox} */ (boxes[at]), /** @type {RangeState} */ (ranges[at])))}
      ${draft.chosen.value.length < 2
        ? html`<button class="button small add-field" type="button" @click=${() => draft.add()}>Compare a second field</button>`
        : nothing}
      <div class="group-numbers">
        ${count(draft, "seeds", "Seeds", "How often each combination is trained, each time with other initial weights")}
        ${draft.variesSteps.value ? nothing : count(draft, "steps", "Steps per run", "How long each run trains")}
        ${count(draft, "parallel", "At the same time", "How many runs train at the same time; the others wait", "automatic")}
      </div>
      ${refusal(draft, "")}
      <footer>
        <p class="group-plan ${draft.excess.value ? "problem" : ""}" role="status">
          ${draft.excess.value ? (draft.refusals.value.has("") ? "" : sentences(draft.excess.value)) : planWords(draft)}
        </p>
        <button class="button" type="button" data-tip="Closes the dialog and forgets what was typed" @click=${cancel}>Cancel</button>
        <button class="button primary" ?disabled=${draft.busy.value}>${draft.busy.value ? "Making them…" : "Train them"}</button>
      </footer>
    </form>`;
  });
}

/** @param {GroupDraft} draft @param {number} at @param {Combobox} box @param {RangeState} range */
function fieldOf(draft, at, box, range) {
  const chosen = draft.chosen.value[at];
  if (!chosen) return nothing;
  const field = draft.field(chosen.path);
  const place = /** @type {Place} */ (`field.${at}`);
  const entries = draft.choices(at).map(({ path, label, section }) => ({ value: path, label, caption: section }));
  return html`<div class="group-field" role="group" aria-label="Field ${at + 1}">
    <div class="group-field-head">
      <label for=${box.id}>${at === 0 ? "Field" : "Second field"}</label>
      ${draft.chosen.value.length > 1
        ? html`<button
            class="icon-button small quiet"
            type="button"
            aria-label="Leave out ${chosen.unknown ?? field.label}"
            data-tip="Leave it out"
            @click=${() => draft.remove(at)}
          >
            ${closeIcon}
          </button>`
        : nothing}
    </div>
    ${box.show(entries, chosen.path, (path) => draft.choose(at, path), {
      refuse: (text) => draft.refuse(at, text),
      refused: chosen.unknown ?? null,
      describedBy: refusalId(place),
    })}
    ${chosen.unknown !== undefined ? refusal(draft, place) : field.type === "options" ? options(draft, at, field, place) : typedValues(draft, at, field, place, range)}
  </div>`;
}

/** @param {GroupDraft} draft @param {number} at @param {Field} field @param {Place} place */
function options(draft, at, field, place) {
  const invalid = draft.refusals.value.has(place);
  const { options: chosen = [] } = draft.chosen.value[at] ?? {};
  return html`<fieldset class="group-options" aria-describedby=${invalid ? refusalId(place) : nothing}>
      <legend>Values</legend>
      ${field.options.map(
        ({ value, label }) => html`<label>
          <input
            type="checkbox"
            aria-invalid=${invalid ? "true" : nothing}
            .checked=${live(chosen.includes(value))}
            @change=${() => draft.toggle(at, value)}
          />
          ${label}
        </label>`,
      )}
    </fieldset>
    ${refusal(draft, place)}`;
}

/** @param {GroupDraft} draft @param {number} at @param {Field} field @param {Place} place @param {RangeState} range */
function typedValues(draft, at, field, place, range) {
  const id = `group-values-${at}`;
  const chosen = draft.chosen.value[at];
  const read = chosen ? draft.values(chosen) : null;
  const listed = read && "values" in read ? read.values.map((value) => valueText(field, value)) : [];
  const excess = read && "excess" in read ? sentences(read) : "";
  return html`<label for=${id}>Values</label>
    <input
      id=${id}
      class="text number"
      autocomplete="off"
      spellcheck="false"
      ?autofocus=${at === 0 && !matchMedia("(pointer: coarse)").matches}
      placeholder=${exampleOf(field)}
      aria-invalid=${draft.refusals.value.has(place) ? "true" : "false"}
      aria-describedby=${draft.refusals.value.has(place) ? refusalId(place) : `${id}-read`}
      .value=${live(chosen?.text ?? "")}
      @input=${(/** @type {Event} */ event) => draft.type(at, textOf(event))}
    />
    ${refusal(draft, place)}
    ${excess && !draft.refusals.value.has(place)
      ? html`<p id="${id}-read" class="problem" role="status">${excess}</p>`
      : html`<p id="${id}-read" class="caption number">${readWords(field, listed)}</p>`}
    ${field.type === "number" ? rangeForm(draft, at, field, range) : nothing}`;
}

/** What was read: a comma may mean more than one thing. @param {Field} field @param {string[]} listed */
function readWords(field, listed) {
  if (!listed.length) return `Separate them by commas, such as ${exampleOf(field)}.`;
  const more = listed.length > LISTED ? `, … ${listed.at(-1)}` : "";
  return `${listed.length === 1 ? "1 value" : `${listed.length} values`}: ${listed.slice(0, LISTED).join(" | ")}${more}`;
}

/** @typedef {import("@preact/signals-core").Signal<{count: string, from: string, to: string, log: boolean} | null>} RangeState */

/** @returns {RangeState} */
const rangeState = () => signal(null);

/** Fills in values of a range. @param {GroupDraft} draft @param {number} at @param {Field} field @param {RangeState} state */
function rangeForm(draft, at, field, state) {
  const now = state.value;
  const open = () => {
    state.value = { count: "5", from: "", to: "", log: field.log };
    queueMicrotask(() => document.getElementById(`group-range-${at}`)?.focus());
  };
  if (!now) {
    return html`<button class="button small quiet range-button" type="button" @click=${open}>Values of a range…</button>`;
  }
  const set = (/** @type {Partial<typeof now>} */ changes) => (state.value = { ...now, ...changes });
  const read = (/** @type {string} */ text) => (text.length > 60 ? NaN : (parseNumber(text, field) ?? NaN));
  const text = rangeText(field, { count: read0(now.count), from: read(now.from), to: read(now.to), log: now.log });
  const fill = () => {
    if (!text) return;
    draft.type(at, text);
    state.value = null;
    queueMicrotask(() => document.getElementById(`group-values-${at}`)?.focus());
  };
  const part = (/** @type {"count" | "from" | "to"} */ name, /** @type {string} */ label) => html`<input
    id=${name === "count" ? `group-range-${at}` : nothing}
    class="text number"
    inputmode="decimal"
    autocomplete="off"
    aria-label=${label}
    .value=${live(now[name])}
    @input=${(/** @type {Event} */ event) => set({ [name]: textOf(event) })}
    @keydown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Enter makes the group elsewhere.
      fill();
    }}
  />`;
  return html`<div class="group-range" role="group" aria-label="Values of a range">
    ${part("count", "Number of values")} values from ${part("from", "From")} to ${part("to", "To")}
    <span class="select">
      <select
        aria-label="Spacing"
        @change=${(/** @type {Event} */ event) => set({ log: /** @type {HTMLSelectElement} */ (event.currentTarget).value === "log" })}
      >
        <option value="log" ?selected=${now.log}>in equal ratios</option>
        <option value="linear" ?selected=${!now.log}>in equal steps</option>
      </select>
    </span>
    <button class="button small" type="button" ?disabled=${!text} @click=${fill}>Fill in</button>
    <p class="problem" role="status">${rangeProblem(field, now)}</p>
  </div>`;
}

/** @param {string} text */
const read0 = (text) => parseNumber(text, { whole: true }) ?? NaN;

/** @param {Event} event */
const textOf = (event) => /** @type {HTMLInputElement} */ (event.currentTarget).value;

/**
 * @param {GroupDraft} draft
 * @param {"seeds" | "steps" | "parallel"} name
 * @param {string} label
 * @param {string} tip
 * @param {string} [placeholder]
 */
function count(draft, name, label, tip, placeholder = "") {
  const invalid = draft.refusals.value.has(name);
  return html`<div>
    <label for="group-${name}" data-tip=${tip}>${label}</label>
    <input
      id="group-${name}"
      class="text number"
      inputmode="numeric"
      autocomplete="off"
      placeholder=${placeholder}
      aria-invalid=${invalid ? "true" : "false"}
      aria-describedby=${invalid ? refusalId(name) : nothing}
      .value=${live(draft[name].value)}
      @input=${(/** @type {Event} */ event) => draft.set(name, textOf(event))}
    />
    ${refusal(draft, name)}
  </div>`;
}

/** @param {Place} place */
const refusalId = (place) => `group-problem-${place.replace(".", "-") || "whole"}`;

/** @param {GroupDraft} draft @param {Place} place */
function refusal(draft, place) {
  const problem = draft.refusals.value.get(place);
  return problem ? html`<p id=${refusalId(place)} class="problem" role="alert">${sentences(problem)}</p>` : nothing;
}

/** "3 values × 3 seeds = 9 runs of 1,000 steps" @param {GroupDraft} draft */
function planWords(draft) {
  const plan = draft.plan.value;
  if (!plan) return "";
  const times = (/** @type {number} */ number, /** @type {string} */ word) =>
    `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  const parts = [...plan.counts.map((number) => times(number, "value")), times(plan.seeds, "seed")];
  const length = plan.steps === null ? "" : ` of ${times(plan.steps, "step")}`;
  return `${parts.join(" × ")} = ${times(plan.runs, "run")}${length}`;
}
