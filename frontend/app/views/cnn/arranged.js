/** Arranges a probe's picture for the large view of a layer. */

/** @typedef {import("../../types/pictures.js").Picture} Picture */

/** Maps side by side; twice as many if there are many maps. */
const A_ROW = 8;

/**
 * The plots that are not on the page already: the image and the answer are above.
 * @param {Picture} picture
 * @param {string} tool
 * @returns {Picture}
 */
export function arranged(picture, tool) {
  if (tool === "equivariance") {
    return { ...picture, plots: picture.plots.filter(({ id }) => id !== "input") };
  }
  if (tool !== "feature_maps") return picture;
  const plots = picture.plots.flatMap((plot) => {
    const [mark] = plot.marks;
    if (!plot.id.startsWith("layer") || mark?.kind !== "images") return [];
    const count = mark.values.shape[0] ?? 1;
    const columns = count > A_ROW * 2 ? 2 * A_ROW : Math.min(count, A_ROW);
    return [{ ...plot, marks: [{ ...mark, columns }] }];
  });
  return { ...picture, plots };
}
