/** What is to be said about the run as a whole, over the network: one thing at a time. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { formatNumber } from "../controls/numbers.js";
import * as actions from "../state/actions.js";
import { sentences } from "../state/notices.js";
import * as store from "../state/store.js";

/** @param {HTMLElement} host @returns {() => void} */
export function mountMessages(host) {
  return effect(() => void render(message(), host));
}

function message() {
  const { failure, connection, run, viewedStep, starting, catalogue } = store;
  if (failure.value) return failed(failure.value);
  if (!catalogue.value || (!run.value && !starting.value)) return pill("Getting ready…", "busy");
  if (connection.value === "lost") return pill("The connection is lost. Trying again…", "busy");
  const error = viewedStep.value === null ? run.value?.error : null;
  if (error) return error.code === "diverged" ? diverged(error) : broken(error);
  if (run.value?.status === "finished" && viewedStep.value === null) return finished(run.value.step);
  if (run.value?.status === "queued") return pill("Waiting for a place on the server…", "busy");
  return nothing;
}

/** @param {string} text @param {string} tone */
function pill(text, tone) {
  return html`<div class="pill ${tone}" role="status">${text}</div>`;
}

/** @param {import("../types/api.js").Problem} problem */
function failed(problem) {
  const { code } = problem;
  const gone = code === "gone";
  const known = gone && Object.keys(store.written.value).length > 0;
  return html`<div class="card" role="alert">
    <h2>${gone ? "No such run" : code === "unreachable" ? "No server" : "This cannot be run"}</h2>
    <p>${sentences(problem)}</p>
    <p class="row">
      ${gone || code !== "unreachable"
        ? html`<button
              class="button primary"
              type="button"
              @click=${() => actions.newRun(known ? store.written.value : {})}
            >
              ${known ? "Start again with its settings" : "Start with the default"}
            </button>
            ${known
              ? html`<button class="button" type="button" @click=${() => actions.newRun({})}>
                  Start with the default
                </button>`
              : nothing}`
        : html`<button class="button primary" type="button" @click=${() => location.reload()}>
            Try again
          </button>`}
    </p>
  </div>`;
}

/**
 * The loss is no number any more: what the server found, and two ways out.
 * @param {import("../types/api.js").Problem} problem
 */
function diverged(problem) {
  const rate = store.spec.value?.optimizer.lr ?? 0;
  const lower = lowerRate(rate);
  const at = lastGood();
  return html`<div class="card" role="alert">
    <h2>The loss is no longer a number</h2>
    <p>${sentences(problem)}</p>
    <p class="row">
      ${rate > 0
        ? html`<button
            class="button primary"
            type="button"
            @click=${() => actions.retry(at, { "optimizer.lr": lower })}
          >
            Go on from step ${at.toLocaleString("en")} with η = ${formatNumber(lower)}
          </button>`
        : nothing}
      <button class="button" type="button" @click=${() => actions.reset()}>Reset to step 0</button>
    </p>
  </div>`;
}

/**
 * The run was ended by a fault of the server's: nothing of it is lost up to its last snapshot.
 * @param {import("../types/api.js").Problem} problem
 */
function broken(problem) {
  const at = store.steps.value.at(-1) ?? 0;
  return html`<div class="card" role="alert">
    <h2>This run has ended by a fault</h2>
    <p>${sentences(problem)}</p>
    <p class="row">
      <button class="button primary" type="button" @click=${() => actions.retry(at, {})}>
        Go on from step ${at.toLocaleString("en")}
      </button>
    </p>
  </div>`;
}

/** A tenth; from a rate beyond all reason, straight to the usual one. @param {number} rate */
function lowerRate(rate) {
  const { catalogue, spec } = store;
  const kind = catalogue.value?.optimizers.find((row) => row.kind === spec.value?.optimizer.kind);
  const usual = kind?.knobs.find((knob) => knob.name === "lr")?.default;
  const tenth = Number((rate / 10).toPrecision(3));
  return typeof usual === "number" && tenth > 10 * usual ? usual : tenth;
}

/**
 * The last snapshot well before the present, as the very last ones may be on their way out already,
 * and before the learning rate was set to what it is.
 */
function lastGood() {
  const now = store.progress.value?.step ?? 0;
  const set = store.run.value?.journal.findLast(
    ({ command }) => command.kind === "set" && "optimizer.lr" in command.changes,
  );
  const limit = Math.min(now * 0.9, set?.step ?? Infinity);
  return store.steps.value.findLast((step) => step <= limit) ?? 0;
}

/** @param {number} step */
function finished(step) {
  return html`<div class="pill" role="status">
    Finished at step ${step.toLocaleString("en")}.
    <button class="button small" type="button" @click=${() => actions.play()}>Train on</button>
  </div>`;
}
