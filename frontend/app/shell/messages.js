/** Shows messages about the run as a whole over the network, one at a time. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import * as actions from "../state/actions.js";
import { sentences } from "../stream/api-error.js";
import { ownership } from "../state/ownership.js";
import { shown } from "../state/shown.js";
import * as store from "../state/store.js";
import { startNow } from "../state/transport.js";
import { broken, diverged, failed } from "./cards.js";

/** Messages while the stream is lost and reconnects by itself. */
const AWAY = new Map([
  ["lost", "The connection is lost. Trying again…"],
  ["restarting", "The server is restarting. This page reconnects by itself…"],
  ["slow", "The connection was too slow for the pictures. Connecting again…"],
  ["crowded", "Too many streams are open here: close other tabs of Livenet. Trying again…"],
]);

/** Codes of a run that was paused or stopped by others and is in order. */
const PAUSES = new Set(["intervention", "unwatched", "store_failure"]);

/** @param {HTMLElement} host @returns {() => void} */
export function mountMessages(host) {
  return effect(() => void render(message(), host));
}

function message() {
  const { failure, connection, run, silence, unsaved, viewedStep } = shown;
  const { starting, catalogue, preparing } = store;
  if (starting.value && preparing.value) return pill(`${preparing.value}…`, "busy");
  if (failure.value) return failed(failure.value);
  if (!catalogue.value || (!run.value && !starting.value)) return pill("Loading…", "busy");
  const away = AWAY.get(connection.value);
  if (away) return pill(away, "busy");
  if (silence.value) {
    return pill(`No word from the server for ${silence.value} s. What is shown here may be out of date.`, "busy");
  }
  if (unsaved.value) {
    return pill(`${unsaved.value}. New changes are refused, and runs may be paused, until it can.`, "busy");
  }
  const error = viewedStep.value === null ? run.value?.error : null;
  if (error && PAUSES.has(error.code)) {
    const words = pauseWords(error, ownership.value);
    return words ? pill(words, "") : nothing;
  }
  if (error) return error.code === "diverged" ? diverged(error) : broken(error);
  if (run.value?.status === "finished" && viewedStep.value === null) return finished(run.value.step);
  if (run.value?.status === "queued" && viewedStep.value === null) return waiting(run.value.group !== null);
  return nothing;
}

/**
 * Why a run waits, and what happens next.
 * @param {boolean} inGroup
 * @param {import("../state/ownership.js").Ownership} ownership
 */
export function waitingWords(inGroup, ownership) {
  if (inGroup) return "Waiting: its group trains a few runs at a time. It starts by itself when its turn comes.";
  const whose = ownership === "own" ? "as many of your runs" : "as many runs";
  return `Waiting: ${whose} train as are allowed at once. It starts by itself when one of them ends or pauses.`;
}

/** @param {boolean} inGroup */
function waiting(inGroup) {
  const may = inGroup && ownership.value !== "watched";
  return html`<div class="pill waiting" role="status">
    <span>${waitingWords(inGroup, ownership.value)}</span>
    ${may
      ? html`<button class="button small" type="button" @click=${() => startNow()}>Start now</button>`
      : nothing}
  </div>`;
}

/**
 * Why a run is paused or stopped, for a viewer; empty for an administrator, by whom it was done. Who can only watch
 * the run cannot follow the hint.
 * @param {import("../types/api.js").Problem} error
 * @param {import("../state/ownership.js").Ownership} ownership
 */
export function pauseWords(error, ownership) {
  if (ownership === "other" && error.code === "intervention") return "";
  return sentences(ownership === "watched" ? { ...error, hint: "" } : error);
}

/** @param {string} text @param {string} tone */
function pill(text, tone) {
  return html`<div class="pill ${tone}" role="status">${text}</div>`;
}

/** @param {number} step */
function finished(step) {
  return html`<div class="pill" role="status">
    Finished at step ${step.toLocaleString("en")}.
    <button class="button small" type="button" @click=${() => actions.play()}>Train on</button>
  </div>`;
}
