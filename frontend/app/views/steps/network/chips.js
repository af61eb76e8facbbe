/** The numbers beside the units: what a layer's values are multiplied by, the bias, δ, and the chosen weight. */

import { palette } from "../../../marks/colors.js";
import { element, setText } from "../../../panels/element.js";
import { cellText, colorIndex } from "../../../panels/equation/numerals.js";
import { css } from "../../../panels/equation/operand-view.js";
import { setFormula } from "../../../panels/equation/typeset.js";
import { biasAt, weightOf } from "./painting.js";

/** @typedef {import("../../../types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./layout.js").Layout} Layout */

/** The colour under a number. @param {number} value @param {number} peak */
export function valueColor(value, peak) {
  const scale = { colors: /** @type {const} */ ("diverging"), peak, pixels: false };
  return Number.isNaN(value) ? "" : css(palette().table("diverging")[colorIndex(value, scale)] ?? 0);
}

/** @typedef {{left: number, top: number, latex: string, text: string, value: number | null, peak: number, kind: string}} Chip */

export class Chips {
  element = element("div", { class: "steps-net-chips", "aria-hidden": "true" });

  /** @param {Flow} flow @param {Layout} layout @param {GraphMark | null} graph */
  show(flow, layout, graph) {
    const chips = chipsOf(flow, layout, graph);
    const { children } = this.element;
    while (children.length > chips.length) this.element.lastElementChild?.remove();
    while (children.length < chips.length) {
      this.element.append(element("span", { class: "steps-net-chip" }, element("span", {}), element("span", {}), element("b", { class: "number" })));
    }
    chips.forEach(({ left, top, latex, text, value, peak, kind }, i) => {
      const chip = /** @type {HTMLElement} */ (children[i]);
      const [symbol, words, number] = /** @type {HTMLElement[]} */ ([...chip.children]);
      if (!symbol || !words || !number) return;
      chip.dataset["kind"] = kind;
      chip.style.left = `${left}px`;
      chip.style.top = `${top}px`;
      symbol.hidden = latex === "";
      setFormula(symbol, latex);
      setText(words, text);
      setText(number, value === null ? "" : cellText(value));
      number.hidden = value === null;
      number.style.backgroundColor = value === null ? "" : valueColor(value, peak);
    });
  }
}

/** @param {Flow} flow @param {Layout} layout @param {GraphMark | null} graph @returns {Chip[]} */
function chipsOf({ units, focus, products, bias, row, column }, { columns, card }, graph) {
  const { layer, way } = focus;
  const place = layer === null ? undefined : columns[layer];
  if (layer === null || !place) return [];
  /** @type {Chip[]} */
  const found = [];
  const plain = { latex: "", text: "", value: null, peak: 1, kind: "" };
  const before = columns[layer - 1];
  if (way === "forward") {
    const peak = Math.max(1e-12, ...products.map(({ product }) => Math.abs(product)), Math.abs(bias ?? 0));
    for (const { unit, weight, product } of products) {
      const top = before?.middles[unit - (units.first[layer - 1] ?? 0)];
      if (top === undefined || !before) continue;
      found.push({ ...plain, left: before.chips, top, text: `× ${cellText(weight)} =`, value: product, peak, kind: "product" });
    }
    if (bias !== null && before) found.push({ ...plain, left: before.chips, top: biasAt(before, card.height), text: "bias", value: bias, peak, kind: "bias" });
  }
  if (way === "backward") {
    const deltas = units.deltas[layer - 1] ?? [];
    const peak = Math.max(1e-12, ...deltas.map((delta) => Math.abs(delta ?? 0)));
    deltas.forEach((delta, i) => {
      found.push({ ...plain, left: place.chips, top: place.middles[i] ?? 0, latex: "\\delta", value: delta, peak, kind: i === row - (units.first[layer] ?? 0) ? "delta chosen" : "delta" });
    });
  }
  if (way !== "forward" && before && graph) {
    const from = before.middles[column - (units.first[layer - 1] ?? 0)];
    const to = place.middles[row - (units.first[layer] ?? 0)];
    const weight = weightOf(graph, layer, row, column);
    if (from !== undefined && to !== undefined && weight !== null) {
      const comma = Math.max(row, column) > 8 ? "," : "";
      found.push({
        ...plain,
        left: (before.right + place.left) / 2,
        top: (from + to) / 2,
        latex: `W^{(${layer})}_{${row + 1}${comma}${column + 1}}`,
        text: cellText(weight),
        kind: "weight",
      });
    }
  }
  return found;
}
