/** Plots to test with, and a place for them to be drawn. */

import { axis, tensor } from "./tensors.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").Plot} Plot */
/** @typedef {import("../../../frontend/app/types/pictures.js").Mark} Mark */

/** @param {Mark[]} marks @param {Partial<Plot>} [more] @returns {Plot} */
export const plot = (marks, more = {}) => ({
  id: "p", marks, title: "", note: "", x: null, y: null, equal: false, ...more,
}); // prettier-ignore

/**
 * @param {number} count
 * @param {Partial<import("../../../frontend/app/types/pictures.js").ImagesMark>} [more]
 * @returns {import("../../../frontend/app/types/pictures.js").ImagesMark}
 */
export const images = (count, more = {}) => ({
  kind: "images",
  values: { data: Uint8Array.from({ length: count * 16 }, (_, i) => i % 256), shape: [count, 4, 4], lo: 0, hi: 1 },
  labels: [],
  columns: null,
  lo: 0,
  hi: 1,
  colors: "sequential",
  right: null,
  ids: [],
  ...more,
});

/**
 * @param {number[][]} rows
 * @param {Partial<import("../../../frontend/app/types/pictures.js").MatrixMark>} [more]
 * @returns {import("../../../frontend/app/types/pictures.js").MatrixMark}
 */
export const matrix = (rows, more = {}) => ({
  kind: "matrix",
  values: tensor(rows.flat(), [rows.length, rows[0]?.length ?? 0]),
  peak: 1,
  rows: "",
  columns: "",
  colors: "sequential",
  row_labels: [],
  column_labels: [],
  outlined: null,
  pixels: false,
  ...more,
});

/**
 * @param {number[]} values
 * @param {Partial<import("../../../frontend/app/types/pictures.js").BarsMark>} [more]
 * @returns {import("../../../frontend/app/types/pictures.js").BarsMark}
 */
export const bars = (values, more = {}) => ({
  kind: "bars",
  values: tensor(values),
  labels: values.map((_, i) => `z${i + 1}`),
  color: "accent",
  horizontal: true,
  ...more,
});

/**
 * @param {number[]} x
 * @param {number[]} y
 * @param {Partial<import("../../../frontend/app/types/pictures.js").PointsMark>} [more]
 * @returns {import("../../../frontend/app/types/pictures.js").PointsMark}
 */
export const points = (x, y, more = {}) => ({
  kind: "points",
  x: tensor(x),
  y: tensor(y),
  values: tensor(x.map(() => 0)),
  colors: "classes",
  lo: 0,
  hi: 1,
  hollow: false,
  label: "",
  ellipses: null,
  ...more,
});

/** A view of 100 × 100 at (10, 20), axes from 0 to 1. @param {object} [more] @returns {any} */
export const view = (more = {}) => ({
  left: 10, top: 20, width: 100, height: 100, ratio: 1, xAxis: axis(0, 1), yAxis: axis(0, 1),
  palette: { scale: 1 }, tinted: false, key: "", ...more,
}); // prettier-ignore
