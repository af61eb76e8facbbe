/** The rows of the table of all runs. */

import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { signal } from "@preact/signals-core";
import { readout } from "../controls/numbers.js";
import { percent } from "../marks/scales.js";
import { groupList } from "../state/groups.js";
import { LOCAL, ownershipOf, shortOf } from "../state/ownership.js";
import { runList } from "../state/run-list.js";
import { shown } from "../state/shown.js";
import { statusWord } from "../state/statuses.js";
import { catalogue, me } from "../state/store.js";
import { kindLabel, summaryWords } from "../state/words.js";
import { sentences } from "../stream/api-error.js";
import { closeIcon, eyeIcon, groupIcon, pencilIcon, personIcon, pinIcon } from "./icons.js";
import { runCurve } from "./run-curve.js";
import { ago, duration, exactly } from "./run-times.js";

/** @typedef {import("../types/api.js").Summary} Summary */

/** The run whose name and tags are being edited, as they are in the fields. @type {import("@preact/signals-core").Signal<{id: string, name: string, tags: string[]} | null>} */
export const editing = signal(null);

/** The row whose controls Tab stops at. @type {import("@preact/signals-core").Signal<string>} */
export const active = signal("");

const MAX_TAGS = 20;

/** @param {Summary} run */
export function startEditing({ id, name, tags }) {
  editing.value = { id, name, tags };
  focusSoon(".run-edit input");
}

/** Moves the focus to an element of the table that is about to be drawn. @param {string} selector */
export function focusSoon(selector) {
  queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`.run-table ${selector}`))?.focus());
}

/** Whether other people have runs on this server. */
export const isShared = () => me.value?.id !== LOCAL;

/** Words that stay the same as long as the run is, made once. @type {WeakMap<Summary, {changes: string, created: string}>} */
const words = new WeakMap();

/** @param {Summary} run */
function wordsOf(run) {
  const known = words.get(run);
  if (known || !catalogue.value) return known ?? { changes: "", created: "" };
  const made = { changes: summaryWords(catalogue.value, run.changes).join(", "), created: exactly(run.created_at) };
  words.set(run, made);
  return made;
}

/**
 * A row, drawn again only if something that it shows has changed: a list may have hundreds.
 * @param {Summary} run
 * @param {string} focusable  the id of the row that Tab stops at
 */
export function row(run, focusable) {
  const { id } = run;
  const shows = [
    run,
    id === focusable,
    runList.chosen.value.has(id),
    runList.curves.value.get(id),
    editing.value?.id === id ? editing.value : null,
    shown.run.value?.id === id,
    runList.filters.value.tag,
    runList.filters.value.group,
    run.group === null ? "" : groupList.nameOf(run.group),
    ago(run.created_at, Date.now() / 1000),
    catalogue.value,
    me.value,
  ];
  return guard(shows, () => cells(run, focusable));
}

/** @param {Summary} run @param {string} focusable */
function cells(run, focusable) {
  const { id, name, status, metrics, step, created_at, seconds, error } = run;
  const able = runList.commands(run);
  const stop = id === focusable ? 0 : -1;
  const selected = runList.chosen.value.has(id);
  const called = name || id;
  const { changes, created } = wordsOf(run);
  return html`<tr
    role="row"
    class="run-row ${selected ? "selected" : ""}"
    data-id=${id}
    aria-current=${shown.run.value?.id === id ? "true" : nothing}
  >
    <td role="cell" class="select-cell">
      <label>
        <input
          type="checkbox"
          class="select-run"
          tabindex=${stop}
          aria-label="Select ${called}"
          .checked=${selected}
          ?disabled=${!able}
          @change=${() => runList.toggle(id)}
        />
      </label>
    </td>
    <td role="cell" class="curve-cell">${runCurve(runList.curves.value.get(id))}</td>
    <td role="cell" class="name-cell">
      ${editing.value?.id === id ? editor(editing.value) : title(run, called, able, stop)}
    </td>
    ${isShared() ? html`<td role="cell" class="owner-cell">${ownerMark(run, stop)}</td>` : nothing}
    <td role="cell" class="status-cell">
      <span class="run-status ${status}" data-tip=${error ? sentences(error) : nothing}>${statusWord(status)}</span>
    </td>
    <td role="cell" class="kind-cell">
      <span>${catalogue.value ? kindLabel(catalogue.value.data, run.data) : run.data}</span>
      <span class="caption">${catalogue.value ? kindLabel(catalogue.value.models, run.family) : run.family}</span>
    </td>
    <td role="cell" class="changes-cell"><span data-tip=${changes || nothing}>${changes || "–"}</span></td>
    <td role="cell" class="step-cell number"><span class="unit-word">step </span>${step.toLocaleString("en")}</td>
    <td role="cell" class="loss-cell number"><span class="unit-word">loss </span>${loss(metrics)}</td>
    <td role="cell" class="accuracy-cell number">${accuracy(metrics)}</td>
    <td role="cell" class="created-cell number">
      <time datetime=${new Date(1000 * created_at).toISOString()} data-tip=${created}
        >${ago(created_at, Date.now() / 1000)}</time
      >
    </td>
    <td role="cell" class="seconds-cell number">${duration(seconds)}</td>
    <td role="cell" class="pin-cell">${pin(run, called, able, stop)}</td>
  </tr>`;
}

/** @param {Summary} run @param {string} called @param {boolean} able @param {number} stop */
function title(run, called, able, stop) {
  return html`<div class="run-title">
      <button type="button" class="open-run" tabindex=${stop} data-tip=${called.length > 24 ? called : nothing}>${called}</button>
      ${able
        ? html`<button
            type="button"
            class="icon-button small quiet edit-run"
            tabindex=${stop}
            aria-label="Rename or tag ${called}"
            data-tip="Rename or tag (F2)"
            @click=${() => startEditing(run)}
          >
            ${pencilIcon}
          </button>`
        : nothing}
    </div>
    ${run.tags.length || run.group !== null
      ? html`<div class="run-tags">
          ${run.group === null ? nothing : groupChip(run.group, stop)}
          ${run.tags.map(
            (tag) => html`<button
              type="button"
              class="chip"
              tabindex=${stop}
              aria-label="Show runs with the tag ${tag}"
              aria-pressed=${runList.filters.value.tag === tag ? "true" : "false"}
              @click=${() => void runList.filter({ tag: runList.filters.value.tag === tag ? "" : tag })}
            >
              ${tag}
            </button>`,
          )}
        </div>`
      : nothing}`;
}

/** The group of a run: a press shows its runs alone. @param {string} group @param {number} stop */
function groupChip(group, stop) {
  const pressed = runList.filters.value.group === group;
  const name = groupList.nameOf(group);
  return html`<button
    type="button"
    class="chip group-chip"
    tabindex=${stop}
    aria-label="Show runs of the group ${name || group}"
    aria-pressed=${pressed ? "true" : "false"}
    data-tip=${name || nothing}
    @click=${() => void runList.filter({ group: pressed ? "" : group })}
  >
    ${groupIcon} ${name || "group"}
  </button>`;
}

/** @param {{id: string, name: string, tags: string[]}} draft */
function editor(draft) {
  const { id, name, tags } = draft;
  const field = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget);
  const retag = (/** @type {string[]} */ now) => (editing.value = { ...draft, tags: now });
  const finish = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const [named, tag] = [...form.querySelectorAll("input")].map(({ value }) => value.trim());
    const all = withTag(tags, tag ?? "");
    editing.value = null;
    void runList.change(id, { name: named || name, tags: all });
  };
  const add = (/** @type {KeyboardEvent} */ event) => {
    const tag = field(event).value.trim();
    if (!tag || !["Enter", ","].includes(event.key)) return;
    event.preventDefault();
    field(event).value = "";
    retag(withTag(tags, tag));
  };
  return html`<form class="run-edit" @submit=${finish}>
    <input
      class="text"
      aria-label="Name"
      maxlength="120"
      .value=${name}
      @input=${(/** @type {Event} */ event) => (draft.name = field(event).value)}
    />
    <div class="run-tags">
      ${tags.map(
        (tag) => html`<button
          type="button"
          class="chip"
          aria-label="Remove the tag ${tag}"
          @click=${() => retag(tags.filter((one) => one !== tag))}
        >
          ${tag} ${closeIcon}
        </button>`,
      )}
      ${tags.length < MAX_TAGS
        ? html`<input
            class="text"
            aria-label="Add a tag"
            placeholder="Add a tag"
            maxlength="64"
            list="run-tags"
            @keydown=${add}
          />`
        : nothing}
    </div>
    <div class="row">
      <button class="button small primary">Save</button>
      <button class="button small" type="button" @click=${() => (editing.value = null)}>Cancel</button>
    </div>
  </form>`;
}

/** A comma separates tags. @param {string[]} tags @param {string} text */
function withTag(tags, text) {
  const more = text.split(",").map((tag) => tag.trim());
  return [...new Set([...tags, ...more])].filter(Boolean).slice(0, MAX_TAGS);
}

/** @param {Summary} run @param {number} stop */
function ownerMark({ owner }, stop) {
  const ownership = ownershipOf(me.value, owner);
  if (ownership === "own") return html`<span class="caption">you</span>`;
  const mark = html`${ownership === "watched" ? eyeIcon : personIcon}<span>${shortOf(owner)}</span>`;
  if (ownership === "watched") {
    return html`<span class="owner-mark" data-tip="Someone else’s run: you can watch it and fork it.">${mark}</span>`;
  }
  return html`<button
    type="button"
    class="owner-mark"
    tabindex=${stop}
    aria-label="Show all runs of ${shortOf(owner)}"
    data-tip="Show all runs of this person"
    @click=${() => void runList.filter({ owner })}
  >
    ${mark}
  </button>`;
}

/** @param {Summary} run @param {string} called @param {boolean} able @param {number} stop */
function pin({ id, pinned }, called, able, stop) {
  if (!able) return pinned ? html`<span class="pinned" role="img" aria-label="Pinned">${pinIcon}</span>` : nothing;
  return html`<button
    type="button"
    class="icon-button small quiet pin-run"
    tabindex=${stop}
    aria-label="Keep ${called}"
    aria-pressed=${pinned ? "true" : "false"}
    data-tip=${pinned ? "Kept although nobody uses it. Press to keep it no longer." : "Keep it although nobody uses it"}
    @click=${() => void runList.change(id, { pinned: !pinned })}
  >
    ${pinIcon}
  </button>`;
}

/** On test examples, if there are any. @param {import("../types/api.js").Metrics} metrics */
function loss({ test_loss: test = null, train_loss: train = null }) {
  if (test !== null || train === null) return readout(test);
  return html`<small>train</small> ${readout(train)}`;
}

/** @param {import("../types/api.js").Metrics} metrics */
function accuracy({ test_accuracy: test = null, train_accuracy: train = null, test_r2: r2 = null }) {
  if (test !== null) return percent(test);
  if (train !== null) return html`<small>train</small> ${percent(train)}`;
  return r2 === null ? "–" : html`<small>R²</small> ${readout(r2)}`;
}
