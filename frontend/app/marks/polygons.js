/** Draws polygons that share vertices: filled by their values, with their edges. */

import { polygonEdges } from "./polygon-edges.js";
import { drawCached, placeX, placeY } from "./view.js";

/** @typedef {import("../types/pictures.js").PolygonsMark} PolygonsMark */
/** @typedef {import("./view.js").View} View */

/** Lines that would cover more of the map than this share are drawn paler. */
const MAX_COVERAGE = 0.25;
const WIDTH = 0.8;
const EDGE_OPACITY = 0.42;
const MIN_EDGE_OPACITY = 0.1;

/**
 * @param {PolygonsMark} mark
 * @param {View} view
 * @param {import("./view.js").Cache} cache
 */
export function drawPolygons(mark, view, cache) {
  drawCached(view, cache, mark, (layer) => {
    if (mark.values) fill(mark, layer);
    stroke(mark, layer);
  });
}

/**
 * @param {PolygonsMark} mark
 * @param {View} view
 */
function fill({ vertices, corners, offsets, values, lo, hi, colors }, view) {
  const { canvas, palette } = view;
  const table = palette.table(colors);
  const scale = 255 / (hi - lo || 1);
  for (let face = 0; face + 1 < offsets.data.length; face++) {
    const from = offsets.data[face] ?? 0;
    const to = offsets.data[face + 1] ?? 0;
    canvas.beginPath();
    for (let i = from; i < to; i++) {
      const vertex = 2 * (corners.data[i] ?? 0);
      canvas.lineTo(
        placeX(view, vertices.data[vertex] ?? NaN),
        placeY(view, vertices.data[vertex + 1] ?? NaN),
      );
    }
    const colorIndex = ((values?.data[face] ?? lo) - lo) * scale;
    const color = table[Math.min(Math.max(Math.round(colorIndex), 0), 255)] ?? 0;
    canvas.fillStyle = `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
    canvas.fill();
  }
}

/**
 * @param {PolygonsMark} mark
 * @param {View} view
 */
function stroke(mark, view) {
  const { canvas, palette, width, height } = view;
  const pairs = polygonEdges(mark);
  const points = mark.vertices.data;
  let length = 0;
  canvas.beginPath();
  for (let i = 0; i < pairs.length; i += 2) {
    const a = 2 * (pairs[i] ?? 0);
    const b = 2 * (pairs[i + 1] ?? 0);
    const [x0, y0] = [placeX(view, points[a] ?? NaN), placeY(view, points[a + 1] ?? NaN)];
    const [x1, y1] = [placeX(view, points[b] ?? NaN), placeY(view, points[b + 1] ?? NaN)];
    canvas.moveTo(x0, y0);
    canvas.lineTo(x1, y1);
    length += Math.hypot(x1 - x0, y1 - y0);
  }
  const cover = (length * WIDTH) / (width * height);
  const fade = cover > MAX_COVERAGE ? Math.sqrt(MAX_COVERAGE / cover) : 1;
  canvas.strokeStyle = palette.css("ink");
  canvas.lineWidth = Math.max(0.5, WIDTH * fade);
  canvas.globalAlpha = Math.max(MIN_EDGE_OPACITY, EDGE_OPACITY * fade);
  canvas.stroke();
  canvas.globalAlpha = 1;
}
