/** The dialog that chooses the settings of presentation mode. */

import { html } from "lit-html";
import { MAX_PINS, pinnable, pinned, setPinned } from "../state/pins.js";
import { shown } from "../state/shown.js";
import { catalogue } from "../state/store.js";
import { openDialog } from "./dialog.js";

export function openPinSettings() {
  openDialog("Settings in presentation mode", () => {
    const rows = catalogue.value;
    const spec = shown.spec.value;
    if (!rows || !spec) return html`<p class="caption">There is no run yet.</p>`;
    const on = new Set(pinned(rows, spec).map(({ path }) => path));
    const full = on.size >= MAX_PINS;
    return html`<p class="caption">
        Up to ${MAX_PINS} settings are shown beside the picture.${full ? " Remove one to add another." : ""}
      </p>
      <ul class="pin-list">
        ${pinnable(rows, spec).map(
          ({ path, label, explain }) => html`<li>
            <label data-tip=${explain}>
              <input
                type="checkbox"
                .checked=${on.has(path)}
                ?disabled=${on.has(path) ? on.size === 1 : full}
                @change=${(/** @type {Event} */ { currentTarget }) =>
                  setPinned(rows, spec, path, /** @type {HTMLInputElement} */ (currentTarget).checked)}
              />
              ${label} <span class="caption">${sectionOf(path)}</span>
            </label>
          </li>`,
        )}
      </ul>`;
  });
}

/** The section of the form that a setting is in. @param {string} path */
function sectionOf(path) {
  const [section = ""] = path.split(".");
  return section === path ? "seed" : section;
}
