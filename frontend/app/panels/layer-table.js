/** The table of linear regions by layer beside their bounds. */

import { count } from "../marks/scales.js";
import { element } from "./element.js";
import { boundText } from "./region-facts.js";

/** @typedef {import("../types/pictures.js").Facts} Facts */

const COLUMNS = [
  ["Through layer", "The cells into which the units of these layers divide the window."],
  ["Regions", "The exact number in this window."],
  [
    "At most",
    "An upper bound for layers of these widths: the product over the layers of the smaller of the next two.",
  ],
  ["Zaslavsky", "The number of cells of one line for each unit, in general position."],
  ["2ᴰ", "The number of combinations of units that are on and off."],
];

/** A table with one row a cutting layer: by its name if the picture has it, else its number. */
export class LayerTable {
  #body = element("tbody");
  element = element(
    "table",
    { class: "layer-table number" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...COLUMNS.map(([name = "", tip = ""]) =>
          element("th", { scope: "col", class: "caption", "data-tip": tip, tabindex: "0" }, name),
        ),
      ),
    ),
    this.#body,
  );

  /** @param {Facts} facts */
  show(facts) {
    const layers = Array.isArray(facts.by_layer) ? facts.by_layer : [];
    const names = Array.isArray(facts.layers) ? facts.layers : [];
    this.element.hidden = !layers.length; // if not even the first layer is cut completely
    this.#body.replaceChildren(
      ...layers.map((found, i) => {
        const number = i + 1;
        return element(
          "tr",
          {},
          element("th", { scope: "row" }, String(names[i] ?? number)),
          element("td", { class: "found" }, count(Number(found))),
          ...["bound", "zaslavsky", "patterns"].map((name) =>
            element("td", {}, boundText(facts, `${name}_through_${number}`)),
          ),
        );
      }),
    );
  }
}
