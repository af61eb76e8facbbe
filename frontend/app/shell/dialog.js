/** Opens modal dialogs; the browser keeps the focus inside, closes them on Escape, restores the focus. */

import { effect } from "@preact/signals-core";
import { html, render } from "lit-html";
import { closeIcon } from "./icons.js";

/**
 * @param {string | (() => string)} title  a function is called again when a signal that it reads changes
 * @param {(close: () => void) => unknown} body  drawn again when a signal that it reads changes
 * @param {() => void} [closed]  called once it is closed
 * @returns {() => void} closes it
 */
export function openDialog(title, body, closed) {
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
  const stop = effect(() => {
    const named = typeof title === "function" ? title() : title;
    dialog.setAttribute("aria-label", named);
    render(
      html`<div class="dialog">
        <header>
          <h2>${named}</h2>
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
