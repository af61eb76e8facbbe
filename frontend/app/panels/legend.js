/** The legend: what a map's colours and points mean. */

import { CLASSES } from "../marks/colors.js";
import { short } from "../marks/scales.js";
import { element } from "./element.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */

/** Under a map or curve: the colour scale with its ends, or the classes; and the kinds of points. */
export class Legend {
  element = element("div", { class: "legend caption" });
  #key = "";

  /**
   * @param {Plot} plot
   * @param {{tinted?: boolean, names?: string[]}} [how] `tinted` where maps are pale; `names` of classes
   */
  show(plot, { tinted = true, names = [] } = {}) {
    const means = legendContent(plot, tinted);
    const key = JSON.stringify([means, names]);
    if (key === this.#key) return;
    this.#key = key;
    const { scale, classes, lines, points } = means;
    const parts = [];
    if (scale) parts.push(colorBar(scale.low, scale.high, scale.kind));
    for (let k = 0; k < classes; k++) parts.push(entry(`dot class-${k % CLASSES}`, names[k] ?? String(k)));
    for (const { label, color, dashed } of lines) {
      parts.push(entry(`line ${color}${dashed ? " dashed" : ""}`, label));
    }
    for (const { hollow, label } of points) {
      parts.push(entry(hollow ? "dot hollow" : "dot", label || (hollow ? "test" : "train")));
    }
    this.element.replaceChildren(...parts);
    this.element.hidden = parts.length === 0;
  }
}

/**
 * The meaning of a plot's colours and points: equal for plots that share a legend.
 * @param {Plot} plot
 * @param {boolean} tinted
 */
export function legendContent({ marks }, tinted) {
  const map = marks.find(({ kind }) => kind === "heatmap" || kind === "matrix");
  const dots = marks.filter((mark) => mark.kind === "points");
  const lines = marks.flatMap((mark) =>
    mark.kind === "line" && mark.label !== "" ? [{ label: mark.label, color: mark.color, dashed: mark.dashed }] : [],
  );
  return {
    scale: map && map.kind !== "graph" ? scaleOf(map, tinted) : null,
    classes: map?.kind === "heatmap" && map.colors === "classes" ? map.hi + 1 : map ? 0 : classCount(dots),
    lines,
    // Points of one kind need no label.
    points:
      dots.some(({ hollow }) => hollow) || map
        ? dots.map(({ hollow, label }) => ({ hollow, label }))
        : [],
  };
}

/**
 * @param {import("../types/pictures.js").Mark} map
 * @param {boolean} tinted
 */
function scaleOf(map, tinted) {
  if (map.kind === "matrix") {
    const sequential = map.colors === "sequential";
    return { low: sequential ? 0 : -map.peak, high: map.peak, kind: sequential ? "sequential" : "full" };
  }
  if (map.kind !== "heatmap" || map.colors === "classes") return null;
  const kind = map.colors === "sequential" ? "sequential" : tinted ? "" : "full";
  return { low: map.lo, high: map.hi, kind };
}

/**
 * The number of classes of points.
 * @param {import("../types/pictures.js").PointsMark[]} dots
 */
function classCount(dots) {
  let found = -1;
  for (const { colors, values } of dots) {
    if (colors !== "classes") continue;
    for (const value of values.data) if (value > found) found = value;
  }
  return found + 1;
}

/**
 * The scale of colours with its ends.
 * @param {number} low
 * @param {number} high
 * @param {string} [kind] "full" where the map is not tinted, "sequential" from paper to full
 */
export function colorBar(low, high, kind = "") {
  return element(
    "span",
    { class: `color-bar ${kind}` },
    element("span", { class: "number" }, short(low)),
    element("span", { class: "color-gradient" }),
    element("span", { class: "number" }, short(high)),
  );
}

/**
 * @param {string} kind
 * @param {string} label
 */
function entry(kind, label) {
  return element("span", { class: "entry" }, element("span", { class: `key ${kind}` }), label);
}
