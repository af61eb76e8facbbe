/** The numbers beside the units: what a layer's values are multiplied by, the bias, δ, and the chosen weight. */

import { cellText } from "../../../panels/equation/numerals.js";
import { valueColor } from "../number-chips.js";
import { biasAt, weightOf } from "./painting.js";

/** @typedef {import("../../../types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("../number-chips.js").Chip} Chip */

/** @param {Flow} flow @param {Layout} layout @param {GraphMark | null} graph @returns {Chip[]} */
export function chipsOf(flow, layout, graph) {
  return numbersOf(flow, layout, graph).map(({ value, peak, ...chip }) => ({
    ...chip,
    figure: value === null ? null : cellText(value),
    color: value === null ? "" : valueColor(value, peak),
  }));
}

/** @param {Flow} flow @param {Layout} layout @param {GraphMark | null} graph
 * @returns {(Pick<Chip, "left" | "top" | "latex" | "words" | "kind"> & {value: number | null, peak: number})[]} */
function numbersOf({ units, focus, products, bias, row, column }, { columns, card }, graph) {
  const { layer, way } = focus;
  const place = layer === null ? undefined : columns[layer];
  if (layer === null || !place) return [];
  /** @type {ReturnType<typeof numbersOf>} */
  const found = [];
  const plain = { latex: "", words: "", value: null, peak: 1, kind: "" };
  const before = columns[layer - 1];
  if (way === "forward") {
    const peak = Math.max(1e-12, ...products.map(({ product }) => Math.abs(product)), Math.abs(bias ?? 0));
    for (const { unit, weight, product } of products) {
      const top = before?.middles[unit - (units.first[layer - 1] ?? 0)];
      if (top === undefined || !before) continue;
      found.push({ ...plain, left: before.chips, top, words: `× ${cellText(weight)} =`, value: product, peak, kind: "product" });
    }
    if (bias !== null && before) found.push({ ...plain, left: before.chips, top: biasAt(before, card.height), words: "bias", value: bias, peak, kind: "bias" });
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
        words: cellText(weight),
        kind: "weight",
      });
    }
  }
  return found;
}
