/** Lists the runs of this browser: a press opens one. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { readout } from "../controls/numbers.js";
import { deleteRun, openRun } from "../state/actions.js";
import { groupShown } from "../state/groups.js";
import { pending } from "../state/transitions.js";
import { lossOf } from "../state/session.js";
import { shown } from "../state/shown.js";
import { runs } from "../state/store.js";
import { openNewGroup } from "./new-group.js";
import { openRunTable } from "./run-table.js";
import { closeIcon, eyeIcon, personIcon } from "./icons.js";

/** @typedef {import("../state/store.js").Remembered} Remembered */

/** @param {HTMLElement} host @returns {() => void} */
export function mountRuns(host) {
  return effect(() => {
    const current = shown.run.value?.id ?? "";
    const all = runs.value;
    const gone = ["gone", "deleted"].includes(shown.failure.value?.code ?? "");
    const group = gone ? null : shown.run.value?.group;
    render(
      html`<header class="panel-head">
          <h2>Runs</h2>
          <span class="caption">${all.length || "none"} in this browser</span>
          ${group ? groupButton(group) : compareButton(!current)}
          <button class="button small all-runs" type="button" data-tip="All runs on this server (A)" @click=${openRunTable}>
            All runs…
          </button>
        </header>
        <ul class="run-cards">
          ${repeat(all, ({ id }) => id, (entry) =>
            entry.id === current ? card(now(entry), true) : card(entry, false))}
        </ul>`,
      host,
    );
  });
}

/** @param {boolean} off */
function compareButton(off) {
  return html`<button class="button small" type="button" data-tip="Train this run with several values" ?disabled=${off} @click=${openNewGroup}>
    Compare…
  </button>`;
}

/** Shows the group of the run on the page. @param {string} group */
function groupButton(group) {
  return html`<button class="button small" type="button" data-tip="The group that this run was made with" @click=${() => (groupShown.value = group)}>
    Its group…
  </button>`;
}

/** The present entry of the run on the page: the stored one is a little older. @param {Remembered} entry */
function now(entry) {
  const { step, metrics } = shown.progress.value ?? { step: entry.step, metrics: null };
  return { ...entry, step, ...(metrics && lossOf(metrics)) };
}

/** Marks the owner of a run that is not the viewer's own. */
const MARKS = { own: nothing, watched: eyeIcon, other: personIcon };
const WORDS = { own: "", watched: "Watched, someone else’s", other: "Someone else’s" };

/** @param {Remembered} entry @param {boolean} current */
function card({ id, name, note, loss, part, step, ownership = "own" }, current) {
  const named = part ? `${part} loss` : "loss";
  const at = `step ${step.toLocaleString("en")}`;
  const measure = step === 0 ? "new" : loss === null ? "diverged" : `${named} ${readout(loss)}`;
  // Begins with the text of the card: speech control finds a button by what it shows.
  const also = [WORDS[ownership], note && note !== name ? name : ""];
  const label = [`${measure} ${note || name}`, ...also, at].filter(Boolean).join(", ");
  const away = ownership === "watched" ? "Remove from this list:" : "Delete";
  return html`<li class="run-card ${ownership}" aria-current=${current ? "true" : nothing}>
    <button
      type="button"
      class="open"
      aria-label=${label}
      data-tip=${[WORDS[ownership], name, note === name ? "" : note, at].filter(Boolean).join(", ")}
      @click=${() => void ((current && !pending()) || openRun(id))}
    >
      <strong class="number">
        ${MARKS[ownership]}${step === 0
          ? "new"
          : loss === null
            ? "diverged"
            : html`<small>${named}</small> ${readout(loss)}`}
      </strong>
      <span class="caption">${note || name}</span>
    </button>
    <button class="delete" type="button" aria-label="${away} ${label}" @click=${() => void deleteRun(id)}>
      ${closeIcon}
    </button>
  </li>`;
}
