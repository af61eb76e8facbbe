/** The card of one linear region: which units are on in it, and the affine map of the network there. */

import katex from "katex";

import { affineLatex, pointText } from "./affine.js";
import { element, setText } from "./element.js";

/**
 * The regions probe's answer for a point.
 * @typedef {object} At
 * @property {number[]} point
 * @property {number[][]} pattern the piece that each unit is on, by layer
 * @property {number[][]} matrix the affine map's slopes, an output a row
 * @property {number[]} offset
 */

const SQUARES = "Each square is a unit. It is filled if the unit is on.";
const MAX_UNITS = 64;
const MAX_OUTPUTS = 4;

/** A card that follows its region while the net trains. */
export class RegionCard {
  element = element("section", { class: "region-card", "aria-label": "Region", hidden: true });
  #title = element("strong", { class: "number" });
  #formula = element("div", { class: "region-map" });
  #pattern = element("div", { class: "region-pattern" });
  #shown = "";

  /** @param {() => void} close */
  constructor(close) {
    const button = element(
      "button",
      { type: "button", class: "map-tool", "aria-label": "Close the region" },
      "×",
    );
    button.addEventListener("click", close);
    this.element.append(
      element("header", {}, this.#title, button),
      element(
        "div",
        { class: "region-body" },
        this.#formula,
        element("div", { class: "caption", "data-tip": SQUARES }, "Units on, by layer", this.#pattern),
      ),
    );
  }

  hide() {
    this.element.hidden = true;
    this.#shown = "";
  }

  /**
   * @param {At} at
   * @param {string} output the name of the network's output, "logit" or "f"
   */
  show(at, output) {
    const formulas = at.matrix
      .slice(0, MAX_OUTPUTS)
      .map((slopes, k) => {
        const name = at.matrix.length > 1 ? `${output}_{${k}}` : output;
        return `${name}(x) = ${affineLatex(slopes, at.offset[k] ?? 0)}`;
      });
    const more = at.matrix.length - formulas.length;
    const key = JSON.stringify([formulas, at.pattern, at.point]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = false;
    setText(this.#title, `Region at ${pointText(at.point)}`);
    this.#formula.replaceChildren(
      ...formulas.map((formula) => {
        const line = element("div");
        katex.render(formula, line, { throwOnError: false });
        return line;
      }),
      more > 0 ? element("span", { class: "caption" }, `and ${more} more ${more > 1 ? "outputs" : "output"}`) : "",
    );
    this.#pattern.replaceChildren(
      ...at.pattern.map((units, layer) => {
        const on = units.filter((piece) => piece > 0).length;
        const label = `Hidden ${layer + 1}: ${on} of ${units.length} on`;
        const row = element("div", { class: "pattern-row", role: "img", "aria-label": label });
        row.append(
          ...units
            .slice(0, MAX_UNITS)
            .map((piece) => element("span", { class: piece > 0 ? "piece on" : "piece" })),
        );
        if (units.length > MAX_UNITS) row.append(`+${units.length - MAX_UNITS}`);
        return row;
      }),
    );
  }
}
