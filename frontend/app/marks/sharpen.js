/** Scales up probability maps by their logits, so that a boundary is a line, not steps between cells. */

/** Pixels a cell, in each direction. */
export const FACTOR = 4;
/** Logits are clipped here: half precision cannot represent more certain probabilities. */
const MAX_LOGIT = 7.5;
const SHADES = 2048;

/** @type {Float32Array<ArrayBuffer>} */
let logits = new Float32Array(0);
/** @type {Float32Array<ArrayBuffer>} */
let wide = new Float32Array(0);
/** @type {WeakMap<Uint32Array, Uint32Array>} */
const shades = new WeakMap();

/**
 * Colours of a map of probabilities, FACTOR times as large; its row 0 becomes the lowest.
 *
 * The logit of a network is smooth where its probability jumps from 0 to 1 within a cell: interpolating
 * the logit finds the boundary between cell centres.
 * @param {Uint32Array} pixels (FACTOR·height, FACTOR·width)
 * @param {import("../types/pictures.js").Numbers} values
 * @param {number} width cells
 * @param {number} height cells
 * @param {import("./colors.js").Table} table
 */
export function sharpen(pixels, values, width, height, table) {
  const across = width * FACTOR;
  if (logits.length < width * height) logits = new Float32Array(width * height);
  if (wide.length < across * height) wide = new Float32Array(across * height);
  for (let i = 0; i < width * height; i++) logits[i] = shadeIndex(/** @type {number} */ (values[i]));
  for (let row = 0; row < height; row++) widenRow(row * width, width, row * across);
  const colors = shadesOf(table);
  for (let y = 0; y < height * FACTOR; y++) {
    const at = (y + 0.5) / FACTOR - 0.5;
    const low = Math.min(Math.max(Math.floor(at), 0), height - 1);
    const high = Math.min(low + 1, height - 1);
    const part = Math.min(Math.max(at - low, 0), 1);
    const below = low * across;
    const above = high * across;
    let to = (height * FACTOR - 1 - y) * across;
    for (let x = 0; x < across; x++) {
      const a = /** @type {number} */ (wide[below + x]);
      const b = /** @type {number} */ (wide[above + x]);
      pixels[to++] = /** @type {number} */ (colors[(a + (b - a) * part) | 0]);
    }
  }
}

/**
 * One row, FACTOR times as wide.
 * @param {number} from
 * @param {number} width
 * @param {number} to
 */
function widenRow(from, width, to) {
  for (let x = 0; x < width * FACTOR; x++) {
    const at = (x + 0.5) / FACTOR - 0.5;
    const left = Math.min(Math.max(Math.floor(at), 0), width - 1);
    const right = Math.min(left + 1, width - 1);
    const part = Math.min(Math.max(at - left, 0), 1);
    const a = /** @type {number} */ (logits[from + left]);
    wide[to + x] = a + (/** @type {number} */ (logits[from + right]) - a) * part;
  }
}

/**
 * @param {number} probability
 * @returns {number} its logit, as an index into the shades
 */
function shadeIndex(probability) {
  const logit = Math.log(probability / (1 - probability));
  // Also maps NaN to the middle.
  const clipped = logit > -MAX_LOGIT ? (logit < MAX_LOGIT ? logit : MAX_LOGIT) : logit <= -MAX_LOGIT ? -MAX_LOGIT : 0;
  return ((clipped + MAX_LOGIT) / (2 * MAX_LOGIT)) * (SHADES - 1);
}

/**
 * @param {import("./colors.js").Table} table
 * @returns {Uint32Array} the colour of each logit
 */
function shadesOf(table) {
  let found = shades.get(table);
  if (!found) {
    found = Uint32Array.from({ length: SHADES }, (_, i) => {
      const logit = (i / (SHADES - 1)) * 2 * MAX_LOGIT - MAX_LOGIT;
      return table[Math.round(255 / (1 + Math.exp(-logit)))] ?? 0;
    });
    shades.set(table, found);
  }
  return found;
}
