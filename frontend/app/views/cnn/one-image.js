/** Extracts one of a plot's images as a plot of its own. */

/** @typedef {import("../../types/pictures.js").Plot} Plot */

/**
 * @param {Plot | undefined} plot
 * @param {number} index
 * @returns {Plot | null} null if there is no such image
 */
export function extractImage(plot, index) {
  const [mark] = plot?.marks ?? [];
  if (!plot || mark?.kind !== "images") return null;
  const [count = 0, height = 1, width = 1] = mark.values.shape;
  if (index >= count) return null;
  const size = height * width;
  const data = mark.values.data.subarray(index * size, (index + 1) * size);
  const values = { ...mark.values, data, shape: [1, height, width] };
  return { ...plot, title: "", note: "", marks: [{ ...mark, values, labels: [], columns: 1 }] };
}
