/** The list of groups in the dialog of all runs: what each compares, and how far it is. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { groupList } from "../state/groups.js";
import { ownershipOf, shortOf } from "../state/ownership.js";
import { catalogue, me } from "../state/store.js";
import { sentences } from "../stream/api-error.js";
import { variedOf } from "./group.js";
import { ago, exactly } from "./run-times.js";

/** @typedef {import("../types/api.js").GroupDocument} GroupDocument */

/** The most values that a line lists. */
const LISTED = 4;

/** @param {(id: string) => void} open */
export function listOfGroups(open) {
  const { groups, next, problem } = groupList;
  const all = groups.value;
  if (!all) {
    return problem.value
      ? html`<div class="run-none" role="alert">
          <p>${sentences(problem.value)}</p>
          <button class="button" type="button" @click=${() => void groupList.refresh()}>Try again</button>
        </div>`
      : html`<p class="run-none caption" role="status">Loading the groups of this server…</p>`;
  }
  if (!all.length) {
    return html`<p class="run-none caption">There is no group on this server yet. “Compare values…” makes one of the run on the page.</p>`;
  }
  return html`<div class="run-scroll">
    <ul class="groups" aria-label="Groups">
      ${repeat(all, ({ id }) => id, (group) => card(group, open))}
    </ul>
    ${next.value
      ? html`<button class="button more-runs" type="button" @click=${() => void groupList.more()}>Load more</button>`
      : nothing}
  </div>`;
}

/** @param {GroupDocument} group @param {(id: string) => void} open */
function card(group, open) {
  const { id, name, created_at: at, owner } = group;
  const ended = ["finished", "failed", "stopped"].reduce((sum, status) => sum + (group.statuses[status] ?? 0), 0);
  const mine = ownershipOf(me.value, owner) === "own";
  return html`<li>
    <button type="button" class="group-card" @click=${() => open(id)}>
      <strong>${name}</strong>
      <span class="caption">${valuesOf(group)}</span>
      <span class="group-when caption number">
        ${ended.toLocaleString("en")} of ${group.runs.toLocaleString("en")} ended,
        <time datetime=${new Date(1000 * at).toISOString()} data-tip=${exactly(at)}>${ago(at, Date.now() / 1000)}</time>${mine
          ? nothing
          : `, of ${shortOf(owner)}`}
      </span>
      <progress aria-label="Ended runs" max=${Math.max(1, group.runs)} value=${ended}></progress>
    </button>
  </li>`;
}

/** "Learning rate 0.001, 0.01, 0.1; 3 seeds" @param {GroupDocument} group */
function valuesOf(group) {
  if (!catalogue.value) return "";
  const parts = variedOf(catalogue.value, group).map(({ label, texts }) => {
    const more = texts.length > LISTED ? `, … ${texts.at(-1)}` : "";
    return `${label} ${texts.slice(0, LISTED).join(", ")}${more}`;
  });
  const seeds = group.seeds.length;
  return [...parts, seeds === 1 ? "1 seed" : `${seeds} seeds`].join("; ");
}
