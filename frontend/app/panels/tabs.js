/** A row of tabs, one of them chosen: arrow keys move between them. */

import { element } from "./element.js";

/** @typedef {{id: string, label: string}} Tab */

export class Tabs {
  /** @type {HTMLElement} */
  element;
  #choose;
  /** @type {Tab[]} */
  #tabs = [];
  #key = "";

  /**
   * @param {string} label names the choice
   * @param {(id: string) => void} choose
   */
  constructor(label, choose) {
    this.element = element("div", { class: "panel-tabs", role: "tablist", "aria-label": label });
    this.#choose = choose;
  }

  /**
   * @param {Tab[]} tabs
   * @param {string} chosen
   */
  show(tabs, chosen) {
    const key = JSON.stringify([tabs, chosen]);
    if (key === this.#key) return;
    this.#key = key;
    this.#tabs = tabs;
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(...tabs.map((tab) => this.#button(tab, tab.id === chosen)));
    const selected = this.element.querySelector("[aria-selected=true]");
    if (focused && selected instanceof HTMLElement) selected.focus();
  }

  /**
   * @param {Tab} tab
   * @param {boolean} chosen
   */
  #button(tab, chosen) {
    const button = element(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(chosen),
        tabindex: chosen ? "0" : "-1",
      },
      tab.label,
    );
    button.addEventListener("click", () => this.#choose(tab.id));
    button.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const at = this.#tabs.indexOf(tab);
      const next = this.#tabs[(at + by + this.#tabs.length) % this.#tabs.length];
      if (by === 0 || !next) return;
      event.preventDefault();
      event.stopPropagation();
      this.#choose(next.id);
    });
    return button;
  }
}
