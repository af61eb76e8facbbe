/**
 * The tabs over the middle: the family's main view, and one panel for each other probe. A panel is made when
 * its tab is first chosen. In presentation mode the output has a tab, too: one picture at a time is large.
 */

import { computed, effect, signal, untracked } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { element } from "../panels/element.js";
import { recall, remember } from "../state/memory.js";

/** @typedef {import("./registry.js").Family} Family */
/** @typedef {import("./registry.js").FamilyTab} FamilyTab */
/** @typedef {{tabs: HTMLElement, middle: HTMLElement, output: HTMLElement}} Hosts */

const MAIN = "main";
const OUTPUT = "output";

/** The name of the chosen tab; null is the default one. */
const chosen = signal(/** @type {string | null} */ (recall("tab", null)));

/** The name of the tab that was chosen before. @type {string | null} */
let before = null;

/** @param {string | null} name */
export function chooseTab(name) {
  if (name !== chosen.peek()) before = chosen.peek();
  chosen.value = name;
  remember("tab", name);
}

/** Goes back to the tab that was chosen before the present one. */
export function leaveTab() {
  chooseTab(before === chosen.peek() ? null : before);
}

/**
 * @param {Hosts} hosts `tabs` is that of the row; panels are placed after the middle
 * @param {Family} family
 * @param {() => FamilyTab[]} panels returns the tabs with panels; may read signals
 * @param {import("../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mountViewTabs({ tabs: host, middle, output }, family, panels, context) {
  const { presenting } = context;
  const tabs = computed(() => {
    const views = [{ name: MAIN, label: family.title }, ...panels()];
    return presenting.value ? [{ name: OUTPUT, label: "Output" }, ...views] : views;
  });
  const open = computed(() => {
    const known = tabs.value.find(({ name }) => name === chosen.value);
    return known?.name ?? (presenting.value ? family.presents : MAIN);
  });
  /** Each opened panel, with the function that removes its content. @type {Map<string, Panel>} */
  const made = new Map();

  const stop = effect(() => {
    const shown = open.value;
    const now = panels();
    middle.hidden = shown !== MAIN;
    output.hidden = presenting.value && shown !== OUTPUT;
    const tab = now.find(({ name }) => name === shown);
    document.documentElement.dataset["view"] = shown === OUTPUT ? OUTPUT : (tab?.view ?? MAIN);
    for (const [name, { element: panel, unmount }] of made) {
      panel.hidden = name !== shown;
      if (now.some((tab) => tab.name === name)) continue;
      unmount();
      panel.remove();
      made.delete(name);
    }
    if (tab && !made.has(tab.name)) made.set(tab.name, panelOf(tab, middle, context));
    render(tabs.value.length > 1 ? row(tabs.value, shown) : nothing, host);
  });
  return () => {
    stop();
    document.documentElement.dataset["view"] = MAIN;
    for (const { element: panel, unmount } of made.values()) {
      unmount();
      panel.remove();
    }
    render(nothing, host);
  };
}

/** @typedef {{element: HTMLElement, unmount: () => void}} Panel */

/**
 * @param {FamilyTab} tab
 * @param {HTMLElement} middle
 * @param {import("../panels/context.js").Context} context
 * @returns {Panel}
 */
function panelOf({ name, mount }, middle, context) {
  const panel = element("section", {
    id: `panel-${name}`,
    class: "panel view-panel",
    role: "tabpanel",
    tabindex: "-1",
    "aria-labelledby": `tab-${name}`,
  });
  middle.after(panel);
  return { element: panel, unmount: untracked(() => mount(panel, context)) };
}

/** The element that a tab controls. @param {string} name */
const panelId = (name) => (name === MAIN ? "network" : `panel-${name}`);

/**
 * Chooses a tab. Enter or Space on one with keys of its own goes on into its panel: in the row the arrows are the row's.
 * @param {MouseEvent} event
 * @param {{name: string, view: string | undefined}} tab
 */
function press({ isTrusted, detail }, { name, view }) {
  chooseTab(name);
  if (view && isTrusted && detail === 0) document.getElementById(panelId(name))?.focus();
}

/**
 * @param {{name: string, label: string, view?: string | undefined}[]} tabs
 * @param {string} shown
 */
function row(tabs, shown) {
  return html`<div class="tabs" role="tablist" aria-label="Views" @keydown=${moved}>
    ${tabs.map(
      ({ name, label, view }) => html`<button
        id="tab-${name}"
        type="button"
        role="tab"
        aria-selected=${name === shown ? "true" : "false"}
        aria-controls=${name === shown ? panelId(name) : nothing}
        tabindex=${name === shown ? "0" : "-1"}
        @click=${(/** @type {MouseEvent} */ event) => press(event, { name, view })}
      >
        ${label}
      </button>`,
    )}
  </div>`;
}

/** Arrow keys choose the tab beside the chosen one. @param {KeyboardEvent} event */
function moved(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const tabs = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
  const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const next = tabs[(at + by + tabs.length) % tabs.length];
  next?.click();
  next?.focus();
}
