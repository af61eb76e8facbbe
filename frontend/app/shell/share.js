/** The Share dialog, with links to the run on the page, and the Export dialog, with its files. */

import { html } from "lit-html";
import { notify } from "../state/notices.js";
import { isWatched } from "../state/ownership.js";
import { loadRetention, pin, retention, retentionWords } from "../state/retention.js";
import { shown } from "../state/shown.js";
import { api } from "../stream/api.js";
import { writeHash } from "../url.js";
import { openDialog } from "./dialog.js";
import { fileName } from "./file-name.js";

export function openShare() {
  const base = location.href.replace(/#.*/, "");
  const settings = base + writeHash({ spec: shown.written.value });
  // The settings as well: once the run is deleted, the link can still start it again.
  const run = base + writeHash({ run: shown.run.value?.id ?? null, spec: shown.written.value });
  void loadRetention();
  openDialog(
    "Share",
    () => html`<div class="share">
      ${link(
        "A new run with these settings",
        "Whoever opens this link gets a run of their own, on any Livenet server, and the same one when they open it again.",
        settings,
      )}
      ${shown.run.value
        ? link(
            "This run",
            "Whoever opens this link sees this run as long as this server keeps it, and can start it again from its settings afterwards.",
            run,
          )
        : ""}
      ${keeping()}
    </div>`,
  );
}

/** Until when the server keeps the run, and a button to keep it longer for those who may. */
function keeping() {
  const found = retention.value;
  if (!found) return "";
  return html`<div class="share-link">
    <strong>${found.pinned ? "Kept" : "Kept for a while"}</strong>
    <span class="caption">${retentionWords(found)}</span>
    ${isWatched()
      ? ""
      : html`<span class="row">
          <button class="button" type="button" @click=${() => pin(!found.pinned)}>
            ${found.pinned ? "No longer keep it" : "Keep this run"}
          </button>
        </span>`}
  </div>`;
}

/** @param {string} title @param {string} explain @param {string} address */
function link(title, explain, address) {
  const copy = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLElement} */ (event.currentTarget).parentElement?.querySelector("input");
    if (field && (await copied(field))) notify("Copied.");
  };
  return html`<label class="share-link">
    <strong>${title}</strong> <span class="caption">${explain}</span>
    <span class="row">
      <input
        class="text"
        readonly
        .value=${address}
        @focus=${(/** @type {Event} */ event) =>
          /** @type {HTMLInputElement} */ (event.currentTarget).select()}
      />
      <button class="button" type="button" @click=${copy}>Copy</button>
    </span>
  </label>`;
}

/**
 * Copies a field's text. A page on plain HTTP has no clipboard API: the old command works there.
 * @param {HTMLInputElement} field
 */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

export function openExport() {
  const run = shown.run.value;
  const at = shown.viewedStep.value;
  openDialog(
    "Export",
    () => html`<div class="exports">
      ${file("Settings", "The spec with all defaults filled in, as JSON, for a script or the command line.", () =>
        save(fileName(run?.name ?? "", "-spec.json"), JSON.stringify(shown.spec.value, null, 2)),
      )}
      ${run
        ? [
            download(
              "Weights",
              `The parameters ${at === null ? "now" : `at step ${at.toLocaleString("en")}`}, as a safetensors file.`,
              api.weightsUrl(run.id, at),
            ),
            download(
              "Curves",
              "Losses, accuracy and norms, a row every few steps, as CSV.",
              api.curvesUrl(run.id),
            ),
          ]
        : ""}
    </div>`,
  );
}

/** @param {string} title @param {string} explain @param {() => void} act */
function file(title, explain, act) {
  return html`<button class="export" type="button" @click=${act}>
    <strong>${title}</strong><span class="caption">${explain}</span>
  </button>`;
}

/**
 * A file that the server sends under a name of its own: the run's, with the step.
 * @param {string} title
 * @param {string} explain
 * @param {string} address
 */
function download(title, explain, address) {
  return html`<a class="export" href=${address} download>
    <strong>${title}</strong><span class="caption">${explain}</span>
  </a>`;
}

/** @param {string} name @param {string} text */
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
