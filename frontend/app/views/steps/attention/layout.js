/** The grid of the picture of a head: one width of columns for places and for numbers, and which are shown. Pure. */

import { FIGURE } from "../../../panels/equation/numerals.js";

/** Between cells, and between the grid and the sums at its right, in CSS pixels. */
export const GAP = 3;
const SUMS_GAP = 20;
/** Widths at normal type: of the labels at the left, the sums at the right, and cells. */
const LABELS = 126;
const SUMS = 184;
const CELL = { least: 39, most: 72, touch: 44 };
/** Below this, labels stand over their cells; below the other, the sums under them. */
const NARROW = 620;
const BESIDE = 760;
/** Places shown at once, at most: each has a line of its own for its value. */
const MOST_PLACES = 16;

/**
 * @typedef {object} Grid
 * @property {boolean} narrow whether labels stand over their cells
 * @property {boolean} beside whether the sums stand at the right
 * @property {number} labels width of the labels with the gap behind them; 0 if they stand over the cells
 * @property {number} cell width
 * @property {number} columns how many there is room for, at most as many as are needed
 * @property {number} text size, at normal type
 */

/**
 * @param {{width: number, scale: number, coarse: boolean}} room in CSS pixels
 * @param {{d: number, places: number, characters: number}} needed numbers of a vector, places of the sequence, and the
 *   characters of the longest number
 * @returns {Grid}
 */
export function gridOf({ width, scale, coarse }, { d, places, characters }) {
  const narrow = width < NARROW * scale;
  const beside = width >= BESIDE * scale;
  const labels = narrow ? 0 : LABELS * scale + GAP;
  const room = width - labels - (beside ? SUMS * scale + SUMS_GAP : 0);
  const wanted = Math.max(d, Math.min(places, MOST_PLACES));
  const least = Math.max(coarse ? CELL.touch : 0, CELL.least * scale, (characters * FIGURE * 11 + 4) * scale);
  const columns = Math.max(1, Math.min(wanted, Math.floor((room + GAP) / (least + GAP))));
  const cell = Math.min(CELL.most * scale, Math.floor((room + GAP) / columns) - GAP);
  const fits = [13, 12, 11].find((text) => (characters * FIGURE * text + 6) * scale <= cell);
  return { narrow, beside, labels, cell, columns, text: fits ?? 11 };
}

/**
 * The shown part of a row: around what is chosen, or from where the viewer has moved it to.
 * @param {number} count of the whole row
 * @param {number} most that are shown
 * @param {number} chosen
 * @param {number | null} moved the first, if it was moved
 * @param {{low: number, high: number}} received the part of the row that there is
 * @returns {{first: number, count: number, before: number | null, after: number | null}} `before` and `after` are the
 *   firsts of the parts at its sides
 */
export function partOf(count, most, chosen, moved, { low, high }) {
  const shown = Math.min(most, high - low);
  const bound = (/** @type {number} */ first) => Math.max(low, Math.min(first, high - shown));
  const first = bound(moved ?? chosen - Math.floor(shown / 2));
  return {
    first,
    count: shown,
    before: first > low ? bound(first - shown) : null,
    after: first + shown < Math.min(count, high) ? bound(first + shown) : null,
  };
}

/** The places that are shown at once. @param {Grid} grid @param {number} places */
export const placesShown = ({ columns }, places) => Math.min(columns, places, MOST_PLACES);
