/** Finds the part of a plot under the cursor, and its value in words. */

import { at } from "../stream/frame.js";
import { barAt, barBox } from "./bars.js";
import { lookUp } from "./heatmap.js";
import { imageAt } from "./images.js";
import { cellAt, cellBox } from "./matrix.js";
import { percent, short } from "./scales.js";
import { tileAt } from "./tiles.js";
import { placeX, placeY, valuesAt } from "./view.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("../types/pictures.js").Mark} Mark */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Box} Box */

/**
 * @typedef {object} Hit
 * @property {number} mark its index among the plot's marks
 * @property {number} [index] of an image, tile, bar or point
 * @property {number} [row] of a cell, or of an image's pixel
 * @property {number} [column]
 * @property {number} [x] in units of the axis
 * @property {number} [y]
 * @property {string} [id] of an image or tile
 * @property {Box} [box] its place on the canvas
 */

/** The distance within which a point is hit, in pixels. */
const HIT_RADIUS = 9;

/**
 * The uppermost part at a place on the canvas; null if there is none.
 * @param {Plot} plot
 * @param {View} view
 * @param {number} x pixels from the canvas's left
 * @param {number} y pixels from its top
 * @returns {Hit | null}
 */
export function hitTest(plot, view, x, y) {
  for (let i = plot.marks.length - 1; i >= 0; i--) {
    const found = hitMark(/** @type {Mark} */ (plot.marks[i]), view, x, y);
    if (found) return { mark: i, ...found };
  }
  const values = plot.x || plot.y ? valuesAt(view, x, y) : null;
  if (!values) return null;
  const under = plot.marks.findIndex(({ kind }) => kind === "heatmap");
  return { mark: Math.max(0, under), ...values };
}

/**
 * @param {Mark} mark
 * @param {View} view
 * @param {number} x
 * @param {number} y
 * @returns {Omit<Hit, "mark"> | null}
 */
function hitMark(mark, view, x, y) {
  switch (mark.kind) {
    case "images": {
      const found = imageAt(mark, view, x, y);
      return found && { ...found, id: mark.ids[found.index] ?? String(found.index) };
    }
    case "tiles": {
      const found = tileAt(mark, view, x, y);
      return found && { ...found, id: mark.ids[found.index] ?? "" };
    }
    case "matrix": {
      const cell = cellAt(mark, view, x, y);
      return cell && { ...cell, box: cellBox(mark, view, cell.row, cell.column) };
    }
    case "bars": {
      const index = barAt(mark, view, x, y);
      return index === null ? null : { index, box: barBox(mark, view, index) };
    }
    case "points":
      return nearestPoint(mark, view, x, y);
  }
  return null;
}

/**
 * @param {Extract<Mark, {kind: "points"}>} mark
 * @param {View} view
 * @param {number} x
 * @param {number} y
 */
function nearestPoint(mark, view, x, y) {
  let index = -1;
  let least = HIT_RADIUS;
  for (let i = 0; i < mark.x.data.length; i++) {
    const dx = placeX(view, mark.x.data[i] ?? NaN) - x;
    const dy = placeY(view, mark.y.data[i] ?? NaN) - y;
    const distance = Math.hypot(dx, dy);
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  if (index < 0) return null;
  return { index, x: mark.x.data[index] ?? NaN, y: mark.y.data[index] ?? NaN };
}

/**
 * The value of a part in words: "query 8, key 1: 0.88".
 * @param {Plot} plot
 * @param {Hit} found
 * @param {string[]} [names] of classes
 * @returns {string}
 */
export function describeHit(plot, found, names = []) {
  const mark = plot.marks[found.mark];
  const { index = 0, row = 0, column = 0 } = found;
  switch (mark?.kind) {
    case "images": {
      const [, high = 1, wide = 1] = mark.values.shape;
      const value = short(at(mark.values, (index * high + row) * wide + column));
      return `${named(mark.labels[index])}row ${row + 1}, column ${column + 1}: ${value}`;
    }
    case "tiles":
      return mark.labels[index] ?? "";
    case "matrix": {
      const value = short(at(mark.values, row * (mark.values.shape[1] ?? 1) + column));
      const down = withName(mark.rows, mark.row_labels[row] ?? String(row + 1));
      return `${down}, ${withName(mark.columns, mark.column_labels[column] ?? String(column + 1))}: ${value}`;
    }
    case "bars":
      return `${named(mark.labels[index])}${short(at(mark.values, index))}`;
    case "points":
      return describePoint(mark, index, names);
  }
  return describePosition(plot, found.x ?? NaN, found.y ?? NaN, names);
}

/** @param {string | undefined} label */
const named = (label) => (label ? `${label}: ` : "");

/** The name of a class, or its number if it has no name. @param {number} value @param {string[]} names */
const className = (value, names) =>
  names[value] && names[value] !== String(value) ? names[value] : `class ${value}`;

/** @param {string} name @param {string} label */
const withName = (name, label) => (name ? `${name} ${label}` : label);

/**
 * @param {Extract<Mark, {kind: "points"}>} mark
 * @param {number} index
 * @param {string[]} names
 */
function describePoint(mark, index, names) {
  const place = `(${short(mark.x.data[index])}, ${short(mark.y.data[index])})`;
  const value = mark.values.data[index] ?? NaN;
  if (mark.colors === "classes") return `${className(value, names)} at ${place}`;
  return mark.hi > mark.lo ? `${short(value)} at ${place}` : place;
}

/**
 * A place in a map or over curves: the map's value, or each curve's.
 * @param {Plot} plot
 * @param {number} x
 * @param {number} y
 * @param {string[]} names
 */
function describePosition({ marks, x: xAxis, y: yAxis, equal }, x, y, names) {
  const map = marks.find((mark) => mark.kind === "heatmap");
  if (map && xAxis && yAxis) {
    const { value, certainty } = lookUp(map, xAxis, yAxis, x, y);
    const place = `(${short(x)}, ${short(y)})`;
    return Number.isNaN(certainty) ? `${short(value)} at ${place}` : `${className(value, names)}, ${percent(certainty)}, at ${place}`;
  }
  const lines = marks.filter((mark) => mark.kind === "line");
  const at = `${xAxis?.label || "x"} ${short(x)}`;
  // Lines in a plane (a circle, a path) have no value at an x.
  if (equal || !lines.length || lines.length > 8) return `${at}, ${yAxis?.label || "y"} ${short(y)}`;
  const values = lines.flatMap(({ label, x: across, y: up }) => {
    const value = interpolate(across.data, up.data, x);
    return Number.isNaN(value) ? [] : [`${label} ${short(value)}`.trim()];
  });
  return `${at}: ${values.join(", ") || "–"}`;
}

/**
 * @param {import("../types/pictures.js").Numbers} x ascending
 * @param {import("../types/pictures.js").Numbers} y
 * @param {number} at
 * @returns {number} NaN outside
 */
export function interpolate(x, y, at) {
  let low = 0;
  let high = x.length - 1;
  if (!(at >= (x[low] ?? NaN) && at <= (x[high] ?? NaN))) return NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? NaN) <= at) low = middle;
    else high = middle;
  }
  const from = x[low] ?? NaN;
  const part = (at - from) / ((x[high] ?? NaN) - from || 1);
  return (y[low] ?? NaN) * (1 - part) + (y[high] ?? NaN) * part;
}
