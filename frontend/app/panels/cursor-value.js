/** Reads the value under the cursor from the painted plot. */

import { lookUp } from "../marks/heatmap.js";
import { interpolate } from "../marks/hit-test.js";
import { format, percent, short } from "../marks/scales.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */

/**
 * @param {Plot | null} plot
 * @param {{x: number, y: number} | null} cursor
 * @returns {import("./facts-row.js").Fact}
 */
export function cursorFact(plot, cursor) {
  if (!plot || !cursor) return { label: "Under cursor", value: "–" };
  const map = plot.marks.find((mark) => mark.kind === "heatmap");
  if (map && plot.x && plot.y) {
    const { value, certainty } = lookUp(map, plot.x, plot.y, cursor.x, cursor.y);
    const label = `At ${short(round(cursor.x))}, ${short(round(cursor.y))}`;
    if (map.colors !== "classes") return { label, value: format(value) };
    return { label, value: `${value}: ${percent(certainty)}` };
  }
  const line = plot.marks.find((mark) => mark.kind === "line");
  return {
    label: `At x = ${short(round(cursor.x))}`,
    value: line ? format(interpolate(line.x.data, line.y.data, cursor.x)) : "–",
  };
}

/**
 * The place of the cross: in the plane at the cursor, on the line on the curve above or below it.
 * @param {Plot | null} plot
 * @param {{x: number, y: number} | null} cursor
 */
export function snapToCurve(plot, cursor) {
  const line = plot?.equal ? undefined : plot?.marks.find((mark) => mark.kind === "line");
  if (!line || !cursor) return cursor;
  return { x: cursor.x, y: interpolate(line.x.data, line.y.data, cursor.x) };
}

/** @param {number} value */
const round = (value) => Number(value.toFixed(2));
