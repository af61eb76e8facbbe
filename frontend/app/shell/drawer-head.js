/** The head of the form on small screens: the controls for which the top bar has no room. */

import { html } from "lit-html";
import { closeDrawer } from "./drawer.js";
import { openHelp } from "./help.js";
import { closeIcon } from "./icons.js";
import { openExport, openShare } from "./share.js";

/** @returns {unknown} a template */
export function drawerHead() {
  return html`<div class="drawer-head for-small">
    <button class="button" type="button" @click=${openShare}>Share</button>
    <button class="button" type="button" @click=${openExport}>Export</button>
    <button class="button" type="button" @click=${openHelp}>Help</button>
    <button class="icon-button" type="button" aria-label="Close the settings" @click=${closeDrawer}>
      ${closeIcon}
    </button>
  </div>`;
}
