/** The gallery of preset runs, each with a picture of its result. */

import { html } from "lit-html";
import { element } from "../panels/element.js";
import { newRun, play } from "../state/actions.js";
import { recall, remember } from "../state/memory.js";
import { shown } from "../state/shown.js";
import { catalogue } from "../state/store.js";
import { openDialog } from "./dialog.js";
import { openNewGroup } from "./new-group.js";
import { chooseTab } from "../views/view-tabs.js";

/** @typedef {import("../types/api.js").Preset} Preset */

const FAMILIES = [
  { models: ["mlp"], label: "Points" },
  { models: ["cnn"], label: "Images" },
  { models: ["rnn", "transformer"], label: "Sequences" },
  { models: ["autoencoder", "vae"], label: "Latents" },
];

export function openGallery() {
  remember("visited", true);
  openDialog("New run", (close) => {
    const presets = catalogue.value?.presets;
    if (!presets) return html`<p class="caption">Waiting for the server.</p>`;
    const start = async (/** @type {Preset} */ { spec, panel }) => {
      close();
      chooseTab(panel ?? null);
      if (!(await newRun(/** @type {import("../state/run-state.js").Written} */ (spec)))) return;
      if (shown.progress.value?.status === "paused") await play();
    };
    const compare = () => {
      close();
      openNewGroup();
    };
    return html`<div class="gallery">
      ${shown.run.value
        ? html`<p class="row gallery-compare">
            <span class="caption">Or train the run on the page with several values, and compare the results:</span>
            <button class="button small" type="button" @click=${compare}>Compare values…</button>
          </p>`
        : ""}
      ${FAMILIES.map(({ models, label }) => {
        const own = presets.filter(({ spec }) => models.includes(modelOf(spec)));
        return own.length
          ? html`<section aria-label=${label}>
              <h3>${label}</h3>
              <ul>
                ${own.map((preset) => html`<li>${card(preset, start)}</li>`)}
              </ul>
            </section>`
          : "";
      })}
    </div>`;
  });
}

/** @param {Preset["spec"]} spec */
const modelOf = (spec) => /** @type {{kind?: string} | undefined} */ (spec["model"])?.kind ?? "mlp";

/** @param {Preset} preset @param {(preset: Preset) => void} start */
function card(preset, start) {
  return html`<button type="button" class="preset" @click=${() => start(preset)}>
    <span class="preset-picture ${preset.kind}" aria-hidden="true"></span>
    <strong>${preset.label}</strong>
    <span class="caption">${preset.explain}</span>
  </button>`;
}

const GREETING_MS = 15_000;

/** Whether this is the viewer's first visit, without a link to a run. */
export function isNewcomer() {
  return location.hash === "" && !recall("visited", false) && recall("runs", []).length === 0;
}

/** Shows once that the gallery has examples of other families, until the next press of anything. */
export function greet() {
  remember("visited", true);
  const bubble = element("p", { class: "greeting", role: "status" }, "More examples under New");
  document.getElementById("views")?.after(bubble);
  const away = () => {
    bubble.remove();
    removeEventListener("pointerdown", away);
    removeEventListener("keydown", away);
  };
  addEventListener("pointerdown", away);
  addEventListener("keydown", away);
  setTimeout(away, GREETING_MS);
}
