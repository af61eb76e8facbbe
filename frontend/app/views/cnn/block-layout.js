/** Arranges the blocks in as many rows as they need: more rows leave fewer maps of each. Pure. */

/** The least width of a block in CSS pixels at normal type, and the gap between two. */
const MIN_WIDTH = 76;
const GAP = 8;

/**
 * @typedef {object} BlockLayout
 * @property {number} columns blocks in a row
 * @property {number} rows
 * @property {number} across maps of a block side by side
 * @property {number} down rows of maps
 */

/**
 * @param {number} count of blocks
 * @param {number} width in CSS pixels
 * @param {number} scale of the type
 * @param {boolean} low whether the screen is low: fewer rows of maps then
 * @returns {BlockLayout}
 */
export function blockLayout(count, width, scale, low) {
  const fitting = Math.max(1, Math.floor((width + GAP) / (MIN_WIDTH * scale + GAP)));
  const rows = Math.max(1, Math.ceil(count / fitting));
  const columns = Math.max(1, Math.ceil(count / rows));
  const [across, down] = mapsOf(rows, scale, low);
  return { columns, rows, across, down };
}

/** @param {number} rows of blocks @param {number} scale @param {boolean} low @returns {[number, number]} */
function mapsOf(rows, scale, low) {
  if (rows === 1) return low ? [2, 2] : [2, 4];
  // On a low screen or with large type two rows of blocks leave no height for two rows of maps in each.
  return rows === 2 && !low && scale === 1 ? [2, 2] : [4, 1];
}
