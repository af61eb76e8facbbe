/** The registry of renderers, one for each kind of mark. */

import { drawArea } from "./area.js";
import { drawBars } from "./bars.js";
import { drawHeatmap } from "./heatmap.js";
import { drawImages } from "./images.js";
import { drawLine } from "./line.js";
import { drawMatrix } from "./matrix.js";
import { drawPoints } from "./points.js";
import { drawPolygons } from "./polygons.js";
import { drawText } from "./text.js";
import { drawTiles } from "./tiles.js";

/** @typedef {import("../types/pictures.js").Mark} Mark */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Cache} Cache */

/**
 * A graph and an equation are not drawn within axes: the network's own view draws a graph, and an equation is
 * made of elements (panels/equation).
 * @typedef {Exclude<import("../types/pictures.js").MarkKind, "graph" | "equation">} Drawn
 */
export const RENDERERS = /** @satisfies {{[kind in Drawn]: unknown}} */ ({
  area: drawArea,
  bars: drawBars,
  heatmap: drawHeatmap,
  images: drawImages,
  line: drawLine,
  matrix: drawMatrix,
  points: drawPoints,
  polygons: drawPolygons,
  text: drawText,
  tiles: drawTiles,
});

/**
 * Draws one mark.
 * @param {Mark} mark
 * @param {View} view
 * @param {Cache} cache data that this mark's renderer keeps between frames
 */
export function draw(mark, view, cache) {
  if (mark.kind === "graph" || mark.kind === "equation") return;
  const renderer = /** @type {(mark: Mark, view: View, cache: Cache) => void} */ (
    RENDERERS[mark.kind]
  );
  renderer(mark, view, cache);
}
