/** Stacks the layers of the output: the map, its regions, the data, the fitted curve. */

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("../types/pictures.js").Mark} Mark */
/** @typedef {import("../types/pictures.js").LineMark} LineMark */

/**
 * @param {Plot} decision
 * @param {Mark[]} points
 * @param {Plot} [regions] of the same window
 * @returns {Plot}
 */
export function outputLayers(decision, points, regions) {
  const own = decision.marks.filter((mark) => mark.kind !== "points");
  const maps = own.filter((mark) => mark.kind === "heatmap");
  const curves = own.filter((mark) => mark.kind !== "heatmap");
  return { ...decision, marks: [...maps, ...borders(decision, regions), ...points, ...curves] };
}

/**
 * The borders of regions: in the plane the polygons' edges; on the line the joints, over the full height.
 * @param {Plot} decision
 * @param {Plot} [regions]
 * @returns {Mark[]}
 */
function borders({ y }, regions) {
  /** @type {Mark[]} */
  const found = [];
  for (const mark of regions?.marks ?? []) {
    if (mark.kind === "polygons") found.push(mark);
    // The output already draws the function itself.
    else if (mark.kind === "line" && mark.color === "second") {
      found.push(y ? fullHeight(mark, y.low, y.high) : mark);
    }
  }
  return found;
}

/**
 * @param {LineMark} mark vertical lines, separated by gaps
 * @param {number} low
 * @param {number} high
 * @returns {LineMark}
 */
function fullHeight(mark, low, high) {
  const bottom = mark.y.data[0];
  const data = Float32Array.from(mark.y.data, (value) =>
    Number.isNaN(value) ? NaN : value === bottom ? low : high,
  );
  return { ...mark, color: "third", width: 0.75, y: { data, shape: mark.y.shape } };
}
