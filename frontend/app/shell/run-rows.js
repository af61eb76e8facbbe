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

/** @typedef {{id: string, name: string, tags: string[], tag: string, was: string}} Draft  `tag` is still being typed; `was` is the run as JSON */

/** The run whose name and tags are being edited, as they are in the fields. @type {import("@preact/signals-core").Signal<Draft | null>} */
export const editing = signal(null);

/** The row whose controls Tab stops at. @type {import("@preact/signals-core").Signal<string>} */
export const active = signal("");

const MAX_TAGS = 20;
/** The most tags in a row. */
const SHOWN_TAGS = 2;
/** How long a press that leaves the fields may take: until then rows stay where they are. */
const PRESS = 400; // ms

/** @param {Summary} run */
export function startEditing({ id, name, tags }) {
  editing.value = { id, name, tags, tag: "", was: JSON.stringify({ name, tags }) };
  focusSoon(".run-edit input");
}

/** Ends the editing of a run, and saves what was changed. */
export function saveEditing() {
  const draft = editing.value;
  editing.value = null;
  if (!draft) return;
  const { id, tags, tag, was } = draft;
  const changed = { name: draft.name.trim() || JSON.parse(was).name, tags: withTag(tags, tag) };
  if (JSON.stringify(changed) !== was) void runList.change(id, changed);
}

/** The fields are left: that saves, once a press that leaves them is over. @param {FocusEvent} event */
function left({ target, currentTarget }) {
  const id = editing.value?.id;
  const [form, from] = /** @type {HTMLElement[]} */ ([currentTarget, target]);
  const end = () => {
    // A tag that was removed takes the focus with it.
    const stays = !from?.isConnected || form?.contains(document.activeElement);
    if (editing.value?.id === id && !stays) saveEditing();
  };
  if (document.querySelector(":active")) {
    addEventListener("pointerup", () => setTimeout(end), { once: true });
    setTimeout(end, PRESS);
  } else setTimeout(end);
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
  const { visible, hidden } = splitTags(run.tags, runList.filters.value.tag);
  return html`<div class="run-title">
      <button type="button" class="open-run" tabindex=${stop} data-tip=${called.length > 24 ? called : nothing}>${valuesFirst(called, run)}</button>
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
          ${visible.map(
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
          ${hidden.length ? html`<span class="more-tags caption" data-tip=${hidden.join(", ")}>+${hidden.length}</span>` : nothing}
        </div>`
      : nothing}`;
}

/**
 * The tags that a row has room for, with the one that is filtered by, and the others.
 * @param {readonly string[]} tags @param {string} filtered
 */
export function splitTags(tags, filtered) {
  const first = tags.includes(filtered) ? [filtered, ...tags.filter((tag) => tag !== filtered)] : [...tags];
  return { visible: first.slice(0, SHOWN_TAGS), hidden: first.slice(SHOWN_TAGS) };
}

/**
 * The name of a run of a group, "Rates: lr 0.1", with what differs within the group first: the end of a long name is
 * cut off.
 * @param {string} called @param {{group: string | null}} run
 */
export function valuesFirst(called, { group }) {
  if (group === null) return called;
  const known = groupList.nameOf(group);
  const end = known ? (called.startsWith(`${known}: `) ? known.length : -1) : called.lastIndexOf(": ");
  return end > 0 ? `${called.slice(end + 2)} · ${called.slice(0, end)}` : called;
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

/** @param {Draft} draft */
function editor(draft) {
  const { name, tags } = draft;
  const field = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget);
  const retag = (/** @type {string[]} */ now) => (editing.value = { ...draft, tags: now });
  const finish = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    saveEditing();
  };
  const add = (/** @type {KeyboardEvent} */ event) => {
    const tag = field(event).value.trim();
    if (!tag || !["Enter", ","].includes(event.key)) return;
    event.preventDefault();
    field(event).value = "";
    draft.tag = "";
    retag(withTag(tags, tag));
  };
  return html`<form class="run-edit" @submit=${finish} @focusout=${left}>
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
            @input=${(/** @type {Event} */ event) => (draft.tag = field(event).value)}
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
