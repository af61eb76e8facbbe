/** Arranges labels so that they do not overlap. Pure. */

/**
 * Stacks labels at an edge in rows away from it.
 * @param {{left: number, right: number, side: string}[]} labels from first to last
 * @returns {number[]} the row of each, 0 at the edge: the first row without an overlap
 */
export function stackLabels(labels) {
  /** @type {number[]} */
  const rows = [];
  labels.forEach((label, i) => {
    const taken = new Set(
      rows.filter((_, j) => {
        const other = labels[j];
        return j < i && other?.side === label.side && other.left < label.right && label.left < other.right;
      }),
    );
    let row = 0;
    while (taken.has(row)) row += 1;
    rows.push(row);
  });
  return rows;
}

/**
 * Moves places apart, as little as needed, until any two are at least a gap apart.
 * @param {number[]} places
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order given
 */
export function spreadLabels(places, gap, low, high) {
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
