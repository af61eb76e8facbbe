/** The tabs below the curves: closed at first; a tab's content is made when it is first opened. */

import { computed, effect, signal, untracked } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { element } from "../panels/element.js";
import { recall, remember } from "../state/memory.js";

/** @typedef {import("./registry.js").FamilyTab} FamilyTab */

/** The name of the open tab: a family without a tab of this name has none open. */
const opened = signal(/** @type {string | null} */ (recall("tab", null)));
const NARROW = "(max-width: 760px)";

/** @param {string | null} name */
export function openTab(name) {
  opened.value = name;
  remember("tab", name);
}

/** Scrolls an open tab's panel into view; not on a phone, where it would displace the rest. */
export function reveal(/** @type {string} */ name) {
  if (!matchMedia(NARROW).matches) scrollToPanel(name);
}

/** @param {string} name */
function scrollToPanel(name) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const panel = document.getElementById(`panel-${name}`);
  panel?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

/**
 * @param {HTMLElement} host of the tabs; their panels are placed after it
 * @param {() => FamilyTab[]} tabsNow returns the tabs; may read signals
 * @param {import("../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mountMore(host, tabsNow, context) {
  const tabs = computed(tabsNow);
  const open = computed(() => tabs.value.find(({ name }) => name === opened.value)?.name ?? null);
  /** Each opened panel, with the function that removes its content. @type {Map<string, Panel>} */
  const made = new Map();

  /** Opens a tab; a press on the open tab closes it. @param {string} name */
  const choose = (name) => {
    openTab(open.value === name ? null : name);
    if (open.value !== null) scrollToPanel(name);
  };

  const stop = effect(() => {
    const chosen = open.value;
    host.closest("#panels")?.toggleAttribute("data-more", chosen !== null);
    host.hidden = tabs.value.length === 0;
    for (const [name, { element: panel, unmount }] of made) {
      panel.hidden = name !== chosen;
      if (tabs.value.some((tab) => tab.name === name)) continue;
      unmount();
      panel.remove();
      made.delete(name);
    }
    const tab = tabs.value.find(({ name }) => name === chosen);
    if (tab && !made.has(tab.name)) made.set(tab.name, panelOf(tab, host, context));
    render(tabs.value.length ? row(tabs.value, chosen, choose) : nothing, host);
  });
  return () => {
    stop();
    for (const { element: panel, unmount } of made.values()) {
      unmount();
      panel.remove();
    }
    host.closest("#panels")?.removeAttribute("data-more");
    render(nothing, host);
  };
}

/** @typedef {{element: HTMLElement, unmount: () => void}} Panel */

/**
 * @param {FamilyTab} tab
 * @param {HTMLElement} host of the tabs
 * @param {import("../panels/context.js").Context} context
 * @returns {Panel}
 */
function panelOf({ name, mount }, host, context) {
  const panel = element("section", {
    id: `panel-${name}`,
    class: "panel",
    role: "tabpanel",
    "aria-labelledby": `tab-${name}`,
  });
  host.after(panel);
  return { element: panel, unmount: untracked(() => mount(panel, context)) };
}

/**
 * @param {FamilyTab[]} tabs
 * @param {string | null} chosen
 * @param {(name: string) => void} choose
 */
function row(tabs, chosen, choose) {
  return html`<div class="tabs" role="tablist" aria-label="More panels" @keydown=${moved}>
    ${tabs.map(
      ({ name, label }, index) => html`<button
        id="tab-${name}"
        type="button"
        role="tab"
        aria-selected=${name === chosen ? "true" : "false"}
        aria-expanded=${name === chosen ? "true" : "false"}
        aria-controls=${name === chosen ? `panel-${name}` : nothing}
        tabindex=${name === chosen || (chosen === null && index === 0) ? "0" : "-1"}
        @click=${() => choose(name)}
      >
        ${label}
      </button>`,
    )}
  </div>`;
}

/** @param {KeyboardEvent} event */
function moved(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  const tabs = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
  const at = tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const by = event.key === "ArrowRight" ? 1 : -1;
  tabs[(at + by + tabs.length) % tabs.length]?.focus();
}
