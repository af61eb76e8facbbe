/** Arranges overlapping labels at an edge in rows away from it. Pure. */

/**
 * @param {{left: number, right: number, side: string}[]} labels from first to last
 * @returns {number[]} the row of each, 0 at the edge: the first row without an overlap
 */
export function rowsOf(labels) {
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
