/** Arranges the plots of a picture: rows of columns of equal widths, as large as they need and as fits. Pure. */

import { plotSize } from "../marks/plot-size.js";
import { marginsOf } from "../marks/plot.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("../marks/plot-size.js").Size} Size */
/** @typedef {import("../marks/labels.js").Bare} Bare */

/** In CSS pixels, as in picture.css: between plots, and of their titles. */
export const GAP = 16;
export const HEAD = 22;
/** The height that a plot has among several that fit a host; without axes or names less is of use. */
const MIN_HEIGHT = { named: 72, bare: 40 };
/** A row or column of this many pixels can have its name. */
const NAMED_CELL = 12;
/** The least useful width of a plot, by the kind of its first mark. */
const MIN_WIDTH = { images: 200, matrix: 150, tiles: 200, bars: 220, chart: 240 };

/**
 * @typedef {object} Wishes
 * @property {number | number[]} [columns] plots a row; of several numbers the one with the largest plots, the
 *   first of equals; by default as many as fit
 * @property {number | (() => number)} [height] the largest height of a plot's canvas
 * @property {boolean} [fit] whether the plots fill the room
 * @property {boolean} [legible] leaves out the names of rows and columns that are too small for them
 */

/** @typedef {{plots: (Plot & Bare)[], width: number, sizes: Size[], scrolls: boolean}} Arrangement the width is a column's */

/**
 * @param {Plot[]} plots
 * @param {Size} room
 * @param {number} scale of type
 * @param {Wishes} wishes
 * @returns {Arrangement}
 */
export function arrangement(plots, room, scale, wishes) {
  const least = Math.max(...plots.map(minWidth)) * scale;
  const fitting = Math.max(1, Math.floor((room.width + GAP) / (least + GAP)));
  const found = [wishes.columns ?? fitting].flat().map((across) => {
    const named = inRows(plots, room, scale, across, wishes);
    if (!wishes.legible || named.sizes.every((size, i) => cellOf(plots[i], size, scale) >= NAMED_CELL * scale)) return named;
    return inRows(plots.map((plot) => ({ ...plot, bare: true })), room, scale, across, wishes);
  });
  const worths = found.map((one) => worth(one, scale));
  return found[worths.indexOf(Math.max(...worths))] ?? { plots, width: room.width, sizes: [], scrolls: false };
}

/** The area of a plot without its margins; what scrolls comes after all that fits. @param {Arrangement} found @param {number} scale */
function worth({ plots: [plot], sizes: [size], scrolls }, scale) {
  const { width, height } = innerSize(plot, size, scale);
  return scrolls ? -1 / (1 + width * height) : width * height;
}

/** @param {Plot | undefined} plot @param {Size | undefined} size @param {number} scale @returns {Size} */
function innerSize(plot, size, scale) {
  if (!plot || !size) return { width: 0, height: 0 };
  const { left, right, top, bottom } = marginsOf(plot, scale);
  return { width: size.width - left - right, height: size.height - top - bottom };
}

/** The side of a matrix's cell. @param {Plot | undefined} plot @param {Size} size @param {number} scale */
function cellOf(plot, size, scale) {
  const [mark] = plot?.marks ?? [];
  if (mark?.kind !== "matrix") return Infinity;
  const { width, height } = innerSize(plot, size, scale);
  return Math.min(width / (mark.values.shape[1] ?? 1), height / (mark.values.shape[0] ?? 1));
}

/**
 * @param {(Plot & Bare)[]} plots
 * @param {Size} room
 * @param {number} scale
 * @param {number} wanted plots a row
 * @param {Wishes} wishes
 * @returns {Arrangement}
 */
function inRows(plots, room, scale, wanted, { height = Infinity, fit = false }) {
  const highest = typeof height === "number" ? height : height();
  const across = Math.max(1, Math.min(wanted, plots.length));
  const width = Math.floor((room.width - (across - 1) * GAP) / across);
  const rows = Math.ceil(plots.length / across);
  const head = plots.some(({ title, note }) => title || note) ? HEAD * scale : 0;
  // Whole pixels: with fractions, rows that are rounded up would not fit.
  const share = Math.floor((room.height - (rows - 1) * GAP) / rows - head);
  const least = plots.every((plot) => marginsOf(plot, scale).bottom <= 1) ? MIN_HEIGHT.bare : MIN_HEIGHT.named * scale;
  // What has not even room for its axes scrolls.
  const most = fit && share >= MIN_HEIGHT.bare ? Math.min(highest, Math.max(share, least)) : highest;
  const sizes = plots.map((plot) => plotSize(plot, width, scale, most, fit));
  return { plots, width, sizes, scrolls: fit && share < least };
}

/** @param {Plot} plot */
function minWidth({ marks: [first], equal }) {
  if (first?.kind === "images") return (first.values.shape[0] ?? 0) > 1 ? MIN_WIDTH.images : 96;
  if (first?.kind === "matrix") return Math.min(MIN_WIDTH.matrix, 24 + 10 * (first.values.shape[1] ?? 1));
  if (first?.kind === "tiles") return MIN_WIDTH.tiles;
  if (first?.kind === "bars") return MIN_WIDTH.bars;
  return equal ? MIN_WIDTH.tiles : MIN_WIDTH.chart;
}
