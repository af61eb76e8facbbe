/** Opens modal dialogs; the browser keeps the focus inside, closes them on Escape, restores the focus. */

import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { closeIcon } from "./icons.js";

/**
 * @param {string | (() => string)} title  a function is called again when a signal that it reads changes
 * @param {(close: () => void) => unknown} body  drawn again when a signal that it reads changes
 * @param {() => void} [closed]  called once it is closed
 * @param {{escaped?: () => boolean, onTitle?: boolean}} [how]  `escaped` is called when Escape is pressed, and tells
 *   whether that was all it does; `onTitle` puts the focus on the title, for a dialog that is read first
 * @returns {() => void} closes it
 */
export function openDialog(title, body, closed, { escaped = () => false, onTitle = false } = {}) {
  const dialog = document.createElement("dialog");
  const close = () => dialog.close();
  dialog.addEventListener("close", () => {
    stop();
    dialog.remove();
    closed?.();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close(); // the backdrop: the content fills the dialog itself
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && escaped()) event.preventDefault();
  });
  const stop = effect(() => {
    const named = typeof title === "function" ? title() : title;
    dialog.setAttribute("aria-label", named);
    render(
      html`<div class="dialog">
        <header>
          <h2 tabindex=${onTitle ? "-1" : nothing} ?autofocus=${onTitle}>${named}</h2>
          <button class="icon-button" type="button" aria-label="Close" @click=${close}>
            ${closeIcon}
          </button>
        </header>
        ${body(close)}
      </div>`,
      dialog,
    );
  });
  document.body.append(dialog);
  dialog.showModal();
  return close;
}
