/** The strip below the top bar for a run that belongs to another person: it offers a fork. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { forkWatched } from "../state/actions.js";
import { shown } from "../state/shown.js";
import { starting } from "../state/store.js";
import { isWatched } from "../state/ownership.js";
import { eyeIcon } from "./icons.js";

/**
 * @param {HTMLElement} before  the bar
 * @returns {() => void}
 */
export function mountWatching(before) {
  const host = document.createElement("section");
  host.id = "watching";
  host.setAttribute("aria-label", "Whose run this is");
  before.after(host);
  const stop = effect(() => {
    const on = isWatched() && shown.failure.value === null;
    host.classList.toggle("on", on);
    render(strip(on), host);
  });
  return () => {
    stop();
    host.remove();
  };
}

/** The strip's text, always in the page so that screen readers announce changes. @param {boolean} on */
function strip(on) {
  return html`<p role="status">${on ? words() : nothing}</p>
    ${on
      ? html`<button
          class="button small primary"
          type="button"
          ?disabled=${starting.value}
          data-tip=${shown.viewedStep.value === null
            ? "A run of your own that goes on from here"
            : "A run of your own that goes on from the step that you look at"}
          @click=${forkWatched}
        >
          Fork to make it yours
        </button>`
      : nothing}`;
}

function words() {
  return html`${eyeIcon}<strong>You are watching somebody’s run.</strong>
    <span class="more">
      Look around and scrub back as you like. Play, speed and weights are its owner’s; turn a knob, and
      you have a run of your own.
    </span>`;
}
