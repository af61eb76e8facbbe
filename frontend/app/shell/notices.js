/** Shows the short messages at the bottom of the page. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { notices } from "../state/store.js";
import { closeIcon } from "./icons.js";

/** @param {HTMLElement} host @returns {() => void} */
export function mountNotices(host) {
  const close = (/** @type {number} */ key) => {
    notices.value = notices.value.filter((notice) => notice.key !== key);
  };
  return effect(() => {
    render(
      repeat(
        notices.value,
        ({ key }) => key,
        ({ key, text, tone, action }) => html`<div class="notice ${tone}">
          <span>${text}</span>
          ${action
            ? html`<button
                class="button small"
                type="button"
                @click=${() => {
                  close(key);
                  action.act();
                }}
              >
                ${action.label}
              </button>`
            : nothing}
          <button class="icon-button small" type="button" aria-label="Close" @click=${() => close(key)}>
            ${closeIcon}
          </button>
        </div>`,
      ),
      host,
    );
  });
}
