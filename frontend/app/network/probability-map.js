/**
 * Converts the map of a logit to a map of its probability. A boundary between classes is much sharper
 * than the map's cells, so the smooth logits are interpolated first.
 */

const UPSCALE = 4;

/**
 * @param {ArrayLike<number>} values quantised logits over their peak, rows from the lowest
 * @param {number} width @param {number} height @param {number} peak
 * @param {Uint32Array} table the colour of each quantised value
 * @returns {{width: number, height: number, pixels: Uint32Array<ArrayBuffer>}} rows from the top
 */
export function probabilityMap(values, width, height, peak, table) {
  const across = width * UPSCALE;
  const down = height * UPSCALE;
  const pixels = new Uint32Array(across * down);
  for (let row = 0; row < down; row += 1) {
    const y = cellsAround(down - 1 - row, height);
    for (let column = 0; column < across; column += 1) {
      const x = cellsAround(column, width);
      const low = interpolateRow(values, y.low * width, x);
      const high = interpolateRow(values, y.high * width, x);
      const value = low + (high - low) * y.part;
      // 2σ(f) − 1 = tanh(f/2)
      const share = Math.tanh((peak * (value / 127.5 - 1)) / 2);
      pixels[row * across + column] = table[Math.round(127.5 + 127.5 * share)] ?? 0;
    }
  }
  return { width: across, height: down, pixels };
}

/** The two cells around the centre of a finer cell. @param {number} fine @param {number} count */
function cellsAround(fine, count) {
  const at = Math.max(0, Math.min(count - 1, (fine + 0.5) / UPSCALE - 0.5));
  const low = Math.floor(at);
  return { low, high: Math.min(count - 1, low + 1), part: at - low };
}

/** @param {ArrayLike<number>} values @param {number} start @param {ReturnType<typeof cellsAround>} x */
function interpolateRow(values, start, { low, high, part }) {
  const left = values[start + low] ?? 0;
  return left + ((values[start + high] ?? 0) - left) * part;
}
