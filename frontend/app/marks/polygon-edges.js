/** Computes the edges of polygons that share vertices, each once. */

/** @typedef {import("../types/pictures.js").PolygonsMark} PolygonsMark */

/**
 * The edges as pairs of vertices (a, b, a, b, …). With groups, edges within a group are left out.
 * @param {PolygonsMark} mark
 * @returns {Uint32Array<ArrayBuffer>}
 */
export function polygonEdges({ corners, offsets, groups }) {
  const ring = corners.data;
  const starts = offsets.data;
  const group = groups?.data ?? null;
  // Open addressing: a Map of a hundred thousand keys would take longer than a frame.
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, ring.length * 2)));
  const first = new Uint32Array(size);
  const second = new Uint32Array(size);
  const owner = new Int32Array(size).fill(-1);
  const interior = new Uint8Array(size);
  let found = 0;
  for (let face = 0; face + 1 < starts.length; face++) {
    const from = /** @type {number} */ (starts[face]);
    const to = /** @type {number} */ (starts[face + 1]);
    for (let i = from; i < to; i++) {
      const p = /** @type {number} */ (ring[i]);
      const q = /** @type {number} */ (ring[i + 1 < to ? i + 1 : from]);
      const low = Math.min(p, q);
      const high = Math.max(p, q);
      let place = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) & (size - 1);
      while (owner[place] !== -1 && (first[place] !== low || second[place] !== high)) {
        place = (place + 1) & (size - 1);
      }
      if (owner[place] === -1) {
        first[place] = low;
        second[place] = high;
        owner[place] = face;
        found += 1;
      } else if (group && group[/** @type {number} */ (owner[place])] === group[face]) {
        interior[place] = 1;
      }
    }
  }
  const pairs = new Uint32Array(found * 2);
  let count = 0;
  for (let place = 0; place < size; place++) {
    if (owner[place] === -1 || interior[place]) continue;
    pairs[count++] = /** @type {number} */ (first[place]);
    pairs[count++] = /** @type {number} */ (second[place]);
  }
  return pairs.subarray(0, count);
}
