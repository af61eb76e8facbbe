/** Computes the best size of a plot: cells of matrices and images stay square, curves stay readable. */

import { imageGrid } from "./images.js";
import { marginsOf } from "./plot.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("../types/pictures.js").Mark} Mark */
/** @typedef {{width: number, height: number}} Size */

/** Sides of a matrix's cell, of an image and of a tile, in CSS pixels at normal type. */
const CELL = { least: 3, named: 13, most: 34 };
const IMAGE = { one: 240, most: 72 };
const TILE = 72;
const BAR = 26;
/** The height of charts, which are as wide as there is room. */
const CHART = { least: 130, most: 240, share: 0.55 };
const MAP = 420;

/**
 * The size of a plot's canvas, margins included, in CSS pixels.
 * @param {Plot} plot
 * @param {number} room how wide it may be
 * @param {number} scale of type
 * @param {number} [most] how high it may be
 * @param {boolean} [fill] whether it takes all the room, not only what it needs
 * @returns {Size}
 */
export function plotSize(plot, room, scale, most = Infinity, fill = false) {
  const margin = marginsOf(plot, scale);
  const across = margin.left + margin.right;
  const down = margin.top + margin.bottom;
  const inner = { width: Math.max(1, room - across), height: Math.max(1, most - down) };
  const { width, height } = innerSize(plot, inner, fill && most < Infinity ? 4 * scale : scale, scale);
  return { width: Math.ceil(width + across), height: Math.min(Math.ceil(height + down), most) };
}

/**
 * @param {Plot} plot
 * @param {Size} room
 * @param {number} scale of parts with a largest size
 * @param {number} type scale of type
 * @returns {Size}
 */
function innerSize({ marks, equal, x, y }, room, scale, type) {
  const [first] = marks;
  if (first?.kind === "images") return imagesSize(first, room, scale, type);
  // A matrix with an axis (over time) is as wide as a chart; its cells need not be square.
  if (first?.kind === "matrix" && !x) return matrixSize(first, room, scale);
  if (first?.kind === "tiles") return tilesSize(first, room, scale);
  if (first?.kind === "bars" && first.horizontal) {
    const pitch = Math.min(BAR * type, room.height / Math.max(1, first.values.data.length));
    return { width: room.width, height: pitch * Math.max(1, first.values.data.length) };
  }
  if (equal && x && y) {
    const aspect = (x.high - x.low) / (y.high - y.low);
    const height = Math.min(room.width / aspect, room.height, MAP * scale);
    return { width: height * aspect, height };
  }
  const wanted = Math.min(Math.max(CHART.share * room.width, CHART.least * scale), CHART.most * scale);
  return { width: room.width, height: Math.min(wanted, room.height) };
}

/**
 * @param {Extract<Mark, {kind: "images"}>} mark
 * @param {Size} room
 * @param {number} scale
 * @param {number} type
 */
function imagesSize(mark, room, scale, type) {
  const [count = 0, high = 1, wide = 1] = mark.values.shape;
  const most = (count === 1 ? IMAGE.one : IMAGE.most) * scale;
  const columns = mark.columns ?? Math.max(1, Math.min(count, Math.floor(room.width / (most + 8))));
  const width = Math.min(room.width, columns * (most + (count === 1 ? 0 : 8)));
  const grid = imageGrid({ ...mark, columns }, { width, height: room.height }, type, ratio());
  const shown = count === 1 ? { width: (grid.height * wide) / high, height: grid.height } : null;
  return {
    width: shown ? shown.width : grid.columns * grid.across,
    height: shown ? grid.down : grid.rows * grid.down,
  };
}

/**
 * @param {Extract<Mark, {kind: "matrix"}>} mark
 * @param {Size} room
 * @param {number} scale
 */
function matrixSize({ values, row_labels, pixels }, room, scale) {
  const [rows = 1, columns = 1] = values.shape;
  const cell = Math.min(CELL.most * scale, room.width / columns, room.height / rows);
  // As many rows as columns, such as A of attention or a confusion matrix: its diagonal is one of 45°.
  if (pixels || rows === columns) return { width: cell * columns, height: cell * rows };
  // Others keep their cells visible and their rows' names legible, but their cells may not be square.
  const least = row_labels.length ? CELL.named : CELL.least;
  const high = Math.max(cell, Math.min(least * scale, room.height / rows));
  return { width: cell * columns, height: high * rows };
}

/**
 * @param {Extract<Mark, {kind: "tiles"}>} mark
 * @param {Size} room
 * @param {number} scale
 */
function tilesSize({ ids }, room, scale) {
  const columns = Math.max(1, Math.min(ids.length, Math.floor(room.width / (TILE * scale))));
  const pitch = Math.min(TILE * scale, room.width / columns);
  return { width: columns * pitch, height: Math.ceil(ids.length / columns) * pitch };
}

const ratio = () => globalThis.devicePixelRatio || 1;
