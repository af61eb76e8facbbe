/** A row of cells in the picture of a head, kept while their numbers change. */

import { palette } from "../../../marks/colors.js";
import { element, setText } from "../../../panels/element.js";
import { colorIndex } from "../../../panels/equation/numerals.js";
import { css } from "../../../panels/equation/operand-view.js";

/**
 * @typedef {object} Cell
 * @property {string} text empty if it is not computed
 * @property {number} [value] that it is coloured by
 * @property {string} [name] that is read aloud
 * @property {boolean} [chosen]
 * @property {number} [share] of 1, the height of a bar
 * @property {string} [kind] classes
 */

/**
 * What a click, or an arrow key, on a cell does; `stop` is whether Tab stops at the row.
 * @typedef {{name: string, choose: (at: number) => void, stop: boolean}} Choice
 */

export class CellRow {
  /** @type {HTMLElement[]} */
  cells = [];
  element;
  #choice;

  /** @param {string} kind classes of the row @param {Choice} [choice] */
  constructor(kind, choice) {
    this.#choice = choice;
    this.element = element("div", { class: `head-cells ${kind}`, ...(choice?.stop && { role: "radiogroup", "aria-label": choice.name }) });
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {readonly Cell[]} shown
   * @param {number} first the number of the first of them
   * @param {number} peak the size of the strongest colour
   */
  show(shown, first, peak) {
    while (this.cells.length > shown.length) this.cells.pop()?.remove();
    while (this.cells.length < shown.length) this.#add();
    const table = palette().table("diverging");
    this.cells.forEach((cell, i) => {
      const { text, value = 0, name = "", chosen = false, kind = "" } = shown[i] ?? { text: "" };
      cell.dataset["at"] = String(first + i);
      cell.className = `head-cell ${kind}${text === "" ? " later" : ""}`;
      cell.style.backgroundColor = value && Number.isFinite(value) ? css(table[colorIndex(value, { colors: "diverging", peak, pixels: false })] ?? 0) : "";
      if (shown[i]?.share !== undefined) cell.style.setProperty("--share", String(shown[i]?.share));
      setText(cell, text);
      if (name) cell.setAttribute("aria-label", name);
      if (!this.#choice) return;
      if (this.#choice.stop) cell.setAttribute("aria-checked", String(chosen));
      cell.tabIndex = chosen && this.#choice.stop ? 0 : -1;
    });
    if (!this.#choice?.stop) return;
    const at = shown.findIndex(({ chosen }) => chosen);
    // A chosen one that is not shown leaves the row reachable; one that has moved keeps the focus.
    if (at < 0) this.cells[0]?.setAttribute("tabindex", "0");
    else if (this.element.contains(document.activeElement)) this.cells[at]?.focus({ preventScroll: true });
  }

  #add() {
    const choice = this.#choice;
    const cell = choice ? element("button", { type: "button", ...(choice.stop && { role: "radio" }) }) : element("span");
    if (choice) cell.addEventListener("click", () => choice.choose(Number(cell.dataset["at"])));
    this.cells.push(cell);
    this.element.append(cell);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = this.cells.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!by || !this.#choice?.stop || at < 0) return;
    event.preventDefault();
    const next = this.cells[at + by];
    if (!next) return;
    next.focus();
    this.#choice.choose(Number(next.dataset["at"]));
  }
}
