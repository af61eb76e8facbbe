/** A net as it is painted: its numbers are given, and what lies on its two canvases is asked for. */

import { canvasOf } from "../marks/screen.js";
import { Drawing } from "../../../frontend/app/network/drawing.js";
import { networkColors } from "../../../frontend/app/network/colors.js";
import { layout } from "../../../frontend/app/network/layout.js";
import { tensor } from "../marks/tensors.js";
import { LAPTOP, net } from "./nets.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("../../../frontend/app/types/pictures.js").TilesMark} TilesMark */

/**
 * @param {number[][][]} weights W(l) by rows
 * @param {number[][]} biases
 * @param {number[]} [firsts] the first unit that is shown, by layer
 * @returns {GraphMark}
 */
export function graphOf(weights, biases, firsts = []) {
  const widths = [weights[0]?.[0]?.length ?? 0, ...weights.map((rows) => rows.length)];
  return {
    kind: "graph",
    layers: widths.map((total, i) => ({
      label: "", note: "", units: [], total, first: firsts[i] ?? 0, activation: "", formula: "", residual: false,
    })), // prettier-ignore
    weights: weights.map((rows) => tensor(rows.flat(), [rows.length, rows[0]?.length ?? 0])),
    biases: biases.map((values) => tensor(values)),
  };
}

/**
 * @param {{[id: string]: number[]}} maps bytes of each unit's map, row 0 the lowest
 * @param {number[]} shape of each
 * @param {number[]} [peaks]
 * @returns {TilesMark}
 */
export function tilesOf(maps, shape, peaks = []) {
  const ids = Object.keys(maps);
  return {
    kind: "tiles",
    values: { data: Uint8Array.from(Object.values(maps).flat()), shape: [ids.length, ...shape], lo: -1, hi: 1 },
    peak: tensor(ids.map((_, i) => peaks[i] ?? 1)),
    ids, labels: ids, lo: -1, hi: 1, colors: "diverging",
  }; // prettier-ignore
}

/**
 * @param {number[]} widths
 * @param {{graph?: GraphMark, tiles?: TilesMark, on?: string[], firsts?: number[], logits?: boolean,
 *   residual?: boolean, look?: (drawing: Drawing) => void}} [shown]
 */
export async function painted(widths, { graph, tiles, on, firsts, logits = false, residual = false, look } = {}) {
  const columns = net(widths, on, firsts).columns.map((column) => ({ ...column, residual: residual && column.residual }));
  const placed = layout(columns, LAPTOP);
  const [under, over] = [canvasOf(0, 0), canvasOf(0, 0)];
  const drawing = new Drawing(under.canvas, over.canvas, networkColors());
  drawing.setLayout(columns, placed, logits);
  drawing.setVisibleRange(0, placed.width);
  if (graph) drawing.setGraph(graph);
  if (tiles) drawing.setTiles(tiles);
  look?.(drawing);
  await Promise.resolve();
  return { drawing, columns, placed, edges: under.fake.recording.painted, maps: over.fake.recording.painted };
}
