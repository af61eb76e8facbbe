/** Regions and weights: tabs below the curves, both closed until one is asked for. */

import { signal, effect } from "@preact/signals-core";
import { html, render } from "lit-html";
import { recall, remember } from "../state/memory.js";

const TABS = [
  { name: "regions", label: "Regions" },
  { name: "weights", label: "Weights" },
];

/** @type {import("@preact/signals-core").Signal<string | null>} */
const open = signal(null);

/** @param {HTMLElement} host @returns {() => void} */
export function mountMore(host) {
  const stored = recall("tab", null);
  open.value = TABS.some(({ name }) => name === stored) ? stored : null;
  return effect(() => {
    const chosen = open.value;
    host.closest("#panels")?.toggleAttribute("data-more", chosen !== null);
    for (const { name } of TABS) {
      const panel = document.getElementById(`panel-${name}`);
      if (panel) panel.hidden = name !== chosen;
    }
    render(
      html`<div class="tabs" role="tablist" aria-label="More panels" @keydown=${moved}>
        ${TABS.map(
          ({ name, label }, index) => html`<button
            id="tab-${name}"
            type="button"
            role="tab"
            aria-selected=${name === chosen ? "true" : "false"}
            aria-expanded=${name === chosen ? "true" : "false"}
            aria-controls="panel-${name}"
            tabindex=${name === chosen || (chosen === null && index === 0) ? "0" : "-1"}
            @click=${() => choose(name)}
          >
            ${label}
          </button>`,
        )}
      </div>`,
      host,
    );
  });
}

/** A press on the open tab closes it. @param {string} name */
function choose(name) {
  open.value = open.value === name ? null : name;
  remember("tab", open.value);
  if (open.value === null) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const panel = document.getElementById(`panel-${name}`);
  panel?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

/** @param {KeyboardEvent} event */
function moved(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  const tabs = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
  const at = tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  tabs[(at + 1) % tabs.length]?.focus();
}
