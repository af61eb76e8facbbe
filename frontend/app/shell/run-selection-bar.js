/** The line over the table of all runs: how many there are, and what can be done to the selected ones. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { runList, runsOf } from "../state/run-list.js";
import { sentences } from "../stream/api-error.js";
import { focusSoon, startEditing } from "./run-rows.js";

/** A step before something is done to the selected runs. @type {import("@preact/signals-core").Signal<"" | "deletion" | "tag">} */
export const asked = signal("");

/** How many runs there are; with a selection, what can be done to it. */
export function selectionBar() {
  const { selection, whole, total, problem } = runList;
  if (problem.value && runList.runs.value) {
    return html`<div class="run-bar problem" role="alert">
      <span>${sentences(problem.value)} The list is as it was before.</span>
      <button class="button small" type="button" @click=${() => void runList.refresh()}>Try again</button>
    </div>`;
  }
  const count = runList.count.value;
  if (!count) {
    return html`<div class="run-bar" role="status">
      <span class="caption">${runList.runs.value ? found(total.value) : "Loading…"}</span>
      ${runList.isFiltered.value
        ? html`<button class="button small" type="button" @click=${() => void runList.showAll()}>Clear the filters</button>`
        : nothing}
    </div>`;
  }
  if (asked.value === "deletion" && whole.value) return question(count);
  const one = selection.value.length === 1 && !whole.value ? selection.value[0] : undefined;
  const offersWhole =
    !whole.value && runList.commandsAll.value && total.value > count && everyRow(selection.value.length);
  return html`<div class="run-bar chosen" role="group" aria-label="Selected runs">
    <strong>${runsOf(count)} selected</strong>
    ${offersWhole
      ? html`<button class="button small" type="button" @click=${() => runList.chooseWhole()}>
          Select all ${total.value.toLocaleString("en")}
        </button>`
      : nothing}
    <span class="run-actions">
      <button class="button small" type="button" @click=${() => void runList.pause()}>Pause</button>
      ${whole.value ? nothing : asked.value === "tag" ? tagField() : tagButton()}
      ${one
        ? html`<button class="button small for-touch" type="button" @click=${() => startEditing(one)}>Rename</button>`
        : nothing}
      <button class="button small danger" type="button" @click=${remove}>Delete</button>
      <button class="button small" type="button" @click=${() => runList.clear()}>Clear</button>
    </span>
  </div>`;
}

/** @param {number} total */
function found(total) {
  if (runList.isFiltered.value) return total === 1 ? "1 run matches" : `${runsOf(total)} match`;
  return runsOf(total);
}

/** Whether every row that can be selected is. @param {number} selected */
const everyRow = (selected) => (runList.runs.value ?? []).filter(runList.commands).length === selected;

function remove() {
  if (!runList.whole.value) return void runList.remove();
  asked.value = "deletion";
  focusSoon(".keep-runs");
}

/** @param {number} count */
function question(count) {
  const answer = (/** @type {boolean} */ yes) => {
    asked.value = "";
    if (yes) void runList.removeWhole();
  };
  return html`<div class="run-bar chosen" role="group" aria-label="Deletion">
    <span>Delete all ${count.toLocaleString("en")} runs that match? Pinned ones are kept. This cannot be undone.</span>
    <span class="run-actions">
      <button class="button small danger" type="button" @click=${() => answer(true)}>Delete them</button>
      <button class="button small keep-runs" type="button" @click=${() => answer(false)}>Keep them</button>
    </span>
  </div>`;
}

function tagButton() {
  const open = () => {
    asked.value = "tag";
    focusSoon(".tag-field");
  };
  return html`<button class="button small" type="button" @click=${open}>Tag…</button>`;
}

function tagField() {
  const add = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLFormElement} */ (event.currentTarget).querySelector("input");
    const tag = field?.value.replaceAll(",", " ").trim() ?? "";
    asked.value = "";
    if (tag) void runList.tag(tag);
  };
  return html`<form class="tag-form" @submit=${add}>
    <input class="text tag-field" aria-label="Tag of the selected runs" placeholder="Tag" maxlength="64" list="run-tags" />
    <button class="button small primary">Add</button>
  </form>`;
}
