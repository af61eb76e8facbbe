/** Numbers that stand on a picture of a stage, each with its symbol or words: chips. */

import { palette } from "../../marks/colors.js";
import { element, setText } from "../../panels/element.js";
import { colorIndex } from "../../panels/equation/numerals.js";
import { css } from "../../panels/equation/operand-view.js";
import { setFormula } from "../../panels/equation/typeset.js";

/**
 * The colour under a number.
 * @param {number} value
 * @param {number} peak
 * @param {"diverging" | "sequential"} [colors]
 */
export function valueColor(value, peak, colors = "diverging") {
  return Number.isNaN(value) ? "" : css(palette().table(colors)[colorIndex(value, { colors, peak, pixels: false })] ?? 0);
}

/**
 * `figure` is the number as it is written, null for none; `color` lies under it; places are in CSS pixels.
 * @typedef {{left: number, top: number, latex: string, words: string, figure: string | null, color: string, kind: string}} Chip
 */

export class NumberChips {
  element;
  #name;

  /** @param {string} name of the class of a chip */
  constructor(name) {
    this.#name = name;
    this.element = element("div", { class: `${name}s`, "aria-hidden": "true" });
  }

  /** @param {readonly Chip[]} chips */
  show(chips) {
    const { children } = this.element;
    while (children.length > chips.length) this.element.lastElementChild?.remove();
    while (children.length < chips.length) {
      this.element.append(element("span", { class: this.#name }, element("span", {}), element("span", {}), element("b", { class: "number" })));
    }
    chips.forEach(({ left, top, latex, words, figure, color, kind }, i) => {
      const chip = /** @type {HTMLElement} */ (children[i]);
      const [symbol, text, number] = /** @type {HTMLElement[]} */ ([...chip.children]);
      if (!symbol || !text || !number) return;
      chip.dataset["kind"] = kind;
      chip.style.left = `${left}px`;
      chip.style.top = `${top}px`;
      symbol.hidden = latex === "";
      setFormula(symbol, latex);
      setText(text, words);
      setText(number, figure ?? "");
      number.hidden = figure === null;
      number.style.backgroundColor = color;
    });
  }
}
