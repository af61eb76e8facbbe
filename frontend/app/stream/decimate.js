/** Thins long series for drawing without losing a spike. */

/**
 * Thins columns to about two points a bucket: the minimum and maximum of the first column in it, so that
 * every peak stays; the other columns give their values at the same rows.
 * @param {Float64Array} x ascending
 * @param {Float64Array[]} columns
 * @param {number} from first row
 * @param {number} to row after the last
 * @param {number} buckets
 * @returns {Float64Array[]} x and the columns, unchanged if there are few rows
 */
export function decimate(x, columns, from, to, buckets) {
  const rows = to - from;
  if (rows <= 2 * buckets) return [x.slice(from, to), ...columns.map((y) => y.slice(from, to))];
  const kept = new Uint32Array(2 * columns.length * (buckets + 1) + 2);
  let count = 0;
  kept[count++] = from;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = from + Math.floor((bucket * rows) / buckets);
    const end = from + Math.floor(((bucket + 1) * rows) / buckets);
    for (const y of columns) {
      let low = start;
      let high = start;
      for (let i = start + 1; i < end; i++) {
        const value = Number(y[i]);
        // Any number is better than a gap.
        if (value < Number(y[low]) || Number.isNaN(y[low])) low = i;
        if (value > Number(y[high]) || Number.isNaN(y[high])) high = i;
      }
      kept[count++] = low;
      kept[count++] = high;
    }
  }
  kept[count++] = to - 1;
  const order = kept.subarray(0, count).sort();
  let unique = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0 || order[i] !== order[i - 1]) order[unique++] = /** @type {number} */ (order[i]);
  }
  return [x, ...columns].map((y) => {
    const thin = new Float64Array(unique);
    for (let i = 0; i < unique; i++) thin[i] = Number(y[/** @type {number} */ (order[i])]);
    return thin;
  });
}

/**
 * @param {Float64Array} sorted
 * @param {number} value
 * @returns {number} index of the first that is not below it
 */
export function firstFrom(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(sorted[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
