/** The dialog that makes room for another run: it lists the viewer's old runs for deletion. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { recorded } from "../state/history.js";
import { sentences } from "../stream/api-error.js";
import { deleteAll, ownRuns, isInactive } from "../state/quota.js";
import { statusWord } from "../state/statuses.js";
import { makingRoom } from "../state/store.js";
import { asApiError } from "../stream/api-error.js";
import { openDialog } from "./dialog.js";
import { closeIcon } from "./icons.js";

/** @typedef {import("../types/api.js").Summary} Summary */

/** @returns {() => void} */
export function mountQuota() {
  return effect(() => {
    if (!makingRoom.value) return;
    makingRoom.value = false;
    openQuota();
  });
}

function openQuota() {
  /** @type {import("@preact/signals-core").Signal<Summary[] | null>} */
  const found = signal(null);
  const problem = signal("");
  const attempt = async (/** @type {() => Promise<unknown>} */ act) => {
    problem.value = "";
    try {
      await act();
    } catch (thrown) {
      problem.value = sentences(asApiError(thrown));
    }
    found.value = await ownRuns().catch(() => found.value);
  };
  const host = document.createElement("div");
  host.className = "quota";
  const stop = effect(() => {
    const gone = (/** @type {Summary[]} */ all) => void attempt(() => deleteAll(all));
    render(list(found.value, problem.value, gone), host);
  });
  openDialog("Make room", () => host, stop);
  void attempt(async () => {});
}

/** The run's name, with its difference from others if this browser knows it. @param {Summary} run */
function nameOf({ id, name }) {
  const note = recorded(id)?.note;
  return note && note !== name ? `${name}: ${note}` : name || id;
}

/**
 * @param {Summary[] | null} found  null while they are requested
 * @param {string} problem
 * @param {(runs: Summary[]) => void} gone
 */
function list(found, problem, gone) {
  const resting = found?.filter(isInactive) ?? [];
  return html`
    <p class="caption">
      ${found === null
        ? "Loading your runs…"
        : found.length
          ? "Your other runs on this server, oldest first. Deleting a run here cannot be undone; links to it may still have its settings."
          : "You have no other runs on this server."}
    </p>
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
    <ul>
      ${repeat(
        found ?? [],
        ({ id }) => id,
        (run) => html`<li>
          <span class="name">${nameOf(run)}</span>
          <span class="caption number">${statusWord(run.status)}, step ${run.step.toLocaleString("en")}</span>
          <button
            class="icon-button small"
            type="button"
            aria-label="Delete ${nameOf(run)}, step ${run.step}"
            @click=${() => gone([run])}
          >
            ${closeIcon}
          </button>
        </li>`,
      )}
    </ul>
    ${resting.length > 1
      ? html`<p class="row">
          <button class="button" type="button" @click=${() => gone(resting)}>
            Delete the ${resting.length} that are not training
          </button>
        </p>`
      : nothing}
  `;
}
