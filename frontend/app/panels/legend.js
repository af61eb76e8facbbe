/** What a map's colours and points mean. */

import { short } from "../marks/scales.js";
import { element } from "./element.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */

/** Under a map or curve: the colour scale with its ends, or the classes; and the kinds of points. */
export class Legend {
  element = element("div", { class: "legend caption" });
  #shown = "";

  /** @param {Plot} plot */
  show(plot) {
    const map = plot.marks.find((mark) => mark.kind === "heatmap");
    const lines = plot.marks.flatMap((mark) =>
      mark.kind === "line" && mark.label !== "" ? [{ label: mark.label, color: mark.color }] : [],
    );
    const points = plot.marks.flatMap((mark) => (mark.kind === "points" ? [mark.hollow] : []));
    const scale = map ? [map.colors, map.lo, map.hi] : [];
    const key = JSON.stringify([scale, lines, points]);
    if (key === this.#shown) return;
    this.#shown = key;
    const parts = [];
    if (map?.colors === "classes") parts.push(...classes(map.hi + 1));
    else if (map) parts.push(colorBar(map.lo, map.hi));
    for (const { label, color } of lines) parts.push(entry(`line ${color}`, label));
    for (const hollow of points) {
      parts.push(entry(hollow ? "dot hollow" : "dot", hollow ? "test" : "train"));
    }
    this.element.replaceChildren(...parts);
  }
}

/**
 * The scale of colours with its ends.
 * @param {number} low
 * @param {number} high
 * @param {string} [kind] "full" where the map is not tinted
 */
export function colorBar(low, high, kind = "") {
  return element(
    "span",
    { class: `color-bar ${kind}` },
    element("span", { class: "number" }, short(low)),
    element("span", { class: "ramp" }),
    element("span", { class: "number" }, short(high)),
  );
}

/** @param {number} count */
function classes(count) {
  return Array.from({ length: count }, (_, k) => entry(`dot class-${k % 8}`, String(k)));
}

/**
 * @param {string} kind
 * @param {string} label
 */
function entry(kind, label) {
  return element("span", { class: "entry" }, element("span", { class: `key ${kind}` }), label);
}
