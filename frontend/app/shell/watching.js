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
  host.setAttribute("aria-label", "Owner of this run");
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
            ? "Make a copy of this run that continues from here and that you control"
            : "Make a copy of this run that continues from the viewed step and that you control"}
          @click=${forkWatched}
        >
          Fork this run
        </button>`
      : nothing}`;
}

function words() {
  return html`${eyeIcon}<strong>You are watching someone else’s run.</strong>
    <span class="more">
      You can look at everything and drag the timeline. Only its owner can play it, or set speed and weights.
      If you change a setting, you get a copy of your own.
    </span>`;
}
