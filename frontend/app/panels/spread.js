/** Spreads labels beside lines so that they do not overlap. */

/**
 * Moves places apart until each is a gap from the next, as little as needed.
 * @param {number[]} places
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order given
 */
export function spread(places, gap, low, high) {
  const order = places.map((_, i) => i).sort((a, b) => Number(places[a]) - Number(places[b]));
  const found = [...places];
  let least = low;
  for (const i of order) {
    found[i] = Math.max(Number(places[i]), least);
    least = Number(found[i]) + gap;
  }
  let most = high;
  for (const i of order.reverse()) {
    found[i] = Math.min(Number(found[i]), most);
    most = Number(found[i]) - gap;
  }
  return found;
}
