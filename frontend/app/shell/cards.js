/** The cards over the network that report a problem with the run, and offer remedies. */

import { html, nothing } from "lit-html";
import { formatNumber } from "../controls/numbers.js";
import * as actions from "../state/actions.js";
import { sentences } from "../stream/api-error.js";
import { openAddress } from "../state/opening.js";
import { shown } from "../state/shown.js";
import * as store from "../state/store.js";

/** @typedef {import("../types/api.js").Problem} Problem */

/** @param {string} title @param {Problem} problem @param {unknown} ways */
function card(title, problem, ways) {
  return html`<div class="card" role="alert">
    <h2>${title}</h2>
    <p>${sentences(problem)}</p>
    ${ways === nothing ? nothing : html`<p class="row">${ways}</p>`}
  </div>`;
}

/** @param {string} label @param {() => unknown} act @param {string} [tone] */
function way(label, act, tone = "") {
  return html`<button class="button ${tone}" type="button" @click=${act}>${label}</button>`;
}

/** Why there is no run to show. @param {Problem} problem */
export function failed(problem) {
  switch (problem.code) {
    case "unauthorized":
      return card("You are signed out", problem, signIn());
    case "forbidden":
      return card("Access refused", problem, again());
    case "unreachable":
      return card("No connection", problem, again());
    case "engine_failure":
      return card("The server is overloaded", problem, again());
    case "too_many":
      return card("No room for another run", problem, [
        way("Delete old runs", () => (store.makingRoom.value = true), "primary"),
        again(),
      ]);
    case "gone":
      return card("No such run", problem, startAgain());
    case "deleted":
      return card("This run was deleted", problem, startAgain());
  }
  return card("This cannot be run", problem, startAgain());
}

/** Signs in. The address holds the run and its settings: the sign-in page returns to it. */
function signIn() {
  return html`<a
    class="button primary"
    href="./"
    @click=${(/** @type {Event} */ event) => {
      event.preventDefault();
      location.reload();
    }}
    >Sign in</a
  >`;
}

/** The retry button. There is none while the page starts, as the page then retries by itself. */
function again() {
  if (!store.catalogue.value) return nothing;
  return way("Try again", () => openAddress());
}

function startAgain() {
  const known = Object.keys(shown.written.value).length > 0;
  const afresh = (/** @type {string} */ tone) =>
    way("Start with the default settings", () => actions.newRun({}), tone);
  if (!known) return afresh("primary");
  const settings = () => actions.newRun(shown.written.value);
  return [way("Start again with its settings", settings, "primary"), afresh("")];
}

/**
 * The card of a diverged run: what the server found, and two remedies.
 * @param {Problem} problem
 */
export function diverged(problem) {
  const rate = shown.spec.value?.optimizer.lr ?? 0;
  const lower = lowerRate(rate);
  const at = lastGood();
  const words = `Continue from step ${at.toLocaleString("en")} with η = ${formatNumber(lower)}`;
  return card("The loss is no longer a number", problem, [
    rate > 0 ? way(words, () => actions.retry(at, { "optimizer.lr": lower }), "primary") : nothing,
    way("Reset to step 0", () => actions.reset()),
  ]);
}

/**
 * The card of a run ended by a server error: the run is kept up to its last snapshot.
 * @param {Problem} problem
 */
export function broken(problem) {
  const at = shown.steps.value.at(-1) ?? 0;
  const words = `Continue from step ${at.toLocaleString("en")}`;
  return card("This run was stopped by an error", problem, way(words, () => actions.retry(at, {}), "primary"));
}

/** A tenth of the rate; from an extreme rate, the usual one. @param {number} rate */
function lowerRate(rate) {
  const { spec } = shown;
  const { catalogue } = store;
  const kind = catalogue.value?.optimizers.find((row) => row.kind === spec.value?.optimizer.kind);
  const usual = kind?.knobs.find((knob) => knob.name === "lr")?.default;
  const tenth = Number((rate / 10).toPrecision(3));
  return typeof usual === "number" && tenth > 10 * usual ? usual : tenth;
}

/**
 * The last snapshot well before the present, as the very last ones may already be diverging, and before
 * the learning rate was last changed.
 */
function lastGood() {
  const now = shown.progress.value?.step ?? 0;
  const set = shown.run.value?.journal.findLast(
    ({ command }) => command.kind === "set" && "optimizer.lr" in command.changes,
  );
  const limit = Math.min(now * 0.9, set?.step ?? Infinity);
  return shown.steps.value.findLast((step) => step <= limit) ?? 0;
}
