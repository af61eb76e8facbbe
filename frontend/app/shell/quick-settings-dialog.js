/** The dialog that chooses the quick settings of presentation mode. */

import { html } from "lit-html";
import { MAX_QUICK_SETTINGS, eligible, quickSettings, setQuickSetting } from "../state/quick-settings.js";
import { shown } from "../state/shown.js";
import { catalogue } from "../state/store.js";
import { openDialog } from "./dialog.js";

export function openQuickSettings() {
  openDialog("Quick settings", () => {
    const rows = catalogue.value;
    const spec = shown.spec.value;
    if (!rows || !spec) return html`<p class="caption">There is no run yet.</p>`;
    const on = new Set(quickSettings(rows, spec).map(({ path }) => path));
    const full = on.size >= MAX_QUICK_SETTINGS;
    return html`<p class="caption">
        Presentation mode shows up to ${MAX_QUICK_SETTINGS} settings beside the picture.
        ${full ? "Remove one to add another." : ""}
      </p>
      <ul class="quick-settings-list">
        ${eligible(rows, spec).map(
          ({ path, label, explain }) => html`<li>
            <label data-tip=${explain}>
              <input
                type="checkbox"
                .checked=${on.has(path)}
                ?disabled=${on.has(path) ? on.size === 1 : full}
                @change=${(/** @type {Event} */ { currentTarget }) =>
                  setQuickSetting(rows, spec, path, /** @type {HTMLInputElement} */ (currentTarget).checked)}
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
