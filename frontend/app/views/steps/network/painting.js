/** Paints the edges below the units and the maps on them. */

import { resizeCanvas } from "../../../network/canvas-size.js";
import { controlPoints, STYLES, weightLevel, weightScale } from "../../../network/edges.js";
import { MapAtlas } from "../../../network/map-atlas.js";
import { curveHeight } from "../../../network/paint-curve.js";
import { paintTiles } from "../../../network/paint-tiles.js";
import { palette } from "../../../marks/colors.js";
import { CHIP } from "./layout.js";

/** @typedef {import("../../../types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("../../../types/pictures.js").TilesMark} TilesMark */
/** @typedef {import("../../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../../types/pictures.js").Axis} Axis */
/** @typedef {import("../../../network/colors.js").NetworkColors} NetworkColors */
/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./layout.js").Layout} Layout */
/**
 * @typedef {{flow: Flow, layout: Layout, graph: GraphMark | null, point: number[] | null, colors: NetworkColors}} Scene
 *   `point` is the example on the plane or line
 * @typedef {{x0: number, y0: number, x1: number, y1: number}} Way
 */

/** Of edges through which nothing flows at this stage. */
const PALE = 0.22;
const DOT = 3.2;

/** A weight between shown units; null if it is not among them. @param {GraphMark} graph @param {number} layer @param {number} to @param {number} from */
export function weightOf({ weights, layers }, layer, to, from) {
  const matrix = weights[layer - 1];
  const [rows = 0, columns = 0] = matrix?.shape ?? [];
  const row = to - (layers[layer]?.first ?? 0);
  const column = from - (layers[layer - 1]?.first ?? 0);
  if (row < 0 || row >= rows || column < 0 || column >= columns) return null;
  return matrix?.data[row * columns + column] ?? null;
}

/** The middle of the bias, below the products. @param {import("./layout.js").Column} before the layer before @param {number} height of a unit */
export const biasAt = ({ middles }, height) => (middles.at(-1) ?? 0) + height / 2 + 20 * palette().scale;

export class Painting {
  #edges;
  #maps;
  #atlas = new MapAtlas();
  /** @type {TilesMark | null} */
  #tiles = null;
  /** @type {{x: Axis | null, y: Axis | null}} */
  #axes = { x: null, y: null };
  #logits = false;

  /** @param {HTMLCanvasElement} edges @param {HTMLCanvasElement} maps */
  constructor(edges, maps) {
    this.#edges = edges;
    this.#maps = maps;
  }

  /** @param {Picture} picture of the probe `neurons` @param {boolean} logits whether the output is shown as a probability */
  setMaps({ plots }, logits) {
    const [plot] = plots;
    const mark = plot?.marks[0];
    this.#tiles = mark?.kind === "tiles" ? mark : null;
    this.#axes = { x: plot?.x ?? null, y: plot?.y ?? null };
    this.#logits = logits;
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { width, height } = scene.layout;
    const edges = resizeCanvas(this.#edges, width, height);
    if (edges) {
      edges.clearRect(0, 0, width, height);
      paintAll(edges, scene);
    }
    const maps = resizeCanvas(this.#maps, width, height);
    if (!maps) return;
    maps.clearRect(0, 0, width, height);
    this.#paintMaps(maps, scene);
  }

  /** @param {CanvasRenderingContext2D} context @param {Scene} scene */
  #paintMaps(context, { flow: { units, known }, layout, point, colors }) {
    const tiles = this.#tiles;
    if (!tiles) return;
    const last = units.values.length - 1;
    const ids = new Map(tiles.ids.map((id, tile) => [id, tile]));
    const output = ids.get(`${last}.0`) ?? -1;
    this.#atlas.setMaps(tiles, colors.table, this.#logits ? output : -1);
    units.values.forEach((values, layer) => {
      const place = layout.columns[layer];
      if (!place || layer > known) return;
      values.forEach((value, i) => {
        const tile = ids.get(`${layer}.${(units.first[layer] ?? 0) + i}`) ?? -1;
        const size = layout.card.map;
        const box = { x: place.left + 4 + size / 2, y: place.middles[i] ?? 0, size };
        const peak = tiles.peak.data[tile] ?? 1;
        const item = { box, tile, bias: null, off: false, quiet: false, broken: tile >= 0 && !Number.isFinite(peak) };
        paintTiles(context, [item], tiles, this.#atlas, colors);
        if (point) this.#dot(context, box, point, (value ?? NaN) / peak, colors);
      });
    });
  }

  /** The example on a map, or on a curve at the unit's value. @param {CanvasRenderingContext2D} context
   * @param {{x: number, y: number, size: number}} box @param {number[]} point @param {number} share of the peak
   * @param {NetworkColors} colors */
  #dot(context, { x, y, size }, [first = NaN, second], share, colors) {
    const place = (/** @type {Axis | null} */ axis, /** @type {number} */ value) =>
      axis ? (value - axis.low) / (axis.high - axis.low) - 0.5 : NaN;
    const across = place(this.#axes.x, first) * size;
    const up = second === undefined ? share * curveHeight(size) : place(this.#axes.y, second) * size;
    if (!(Math.abs(across) <= size / 2 && Math.abs(up) <= size / 2)) return;
    context.beginPath();
    context.arc(x + across, y - up, Math.min(DOT * colors.scale, 0.12 * size), 0, 2 * Math.PI);
    context.fillStyle = colors.ink;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = colors.surface;
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene */
function paintAll(context, scene) {
  const { flow, layout, graph, colors } = scene;
  if (!graph) return;
  const full = weightScale(graph.weights.map(({ data }) => data));
  const { units, focus, known, row, column } = flow;
  graph.weights.forEach((matrix, before) => {
    const [rows = 0, columns = 0] = matrix.shape;
    const layer = before + 1;
    const left = layout.columns[before];
    const right = layout.columns[layer];
    if (!left || !right) return;
    const later = layer > known;
    const into = focus.way === "forward" && layer === focus.layer;
    const back = focus.way === "backward" && before === focus.layer;
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        const w = matrix.data[i * columns + j] ?? 0;
        if (into && i + (units.first[layer] ?? 0) === row) continue;
        const chip = into || back ? CHIP[into ? "forward" : "backward"] * colors.scale : 0;
        const way = { x0: back ? left.chips + chip - 8 : left.right, y0: left.middles[j] ?? 0, x1: right.left, y1: right.middles[i] ?? 0 };
        if (back) paintFlow(context, way, w * (units.deltas[before]?.[i] ?? 0), w, peakBack(scene, before), colors);
        else paintPale(context, way, w, full, later, colors);
      }
    }
  });
  paintProducts(context, scene);
  paintWeight(context, scene, row, column);
}

/** The largest W δ that flows back into a layer. @param {Scene} scene @param {number} layer */
function peakBack({ flow: { units }, graph }, layer) {
  const matrix = graph?.weights[layer];
  const columns = matrix?.shape[1] ?? 1;
  const deltas = units.deltas[layer] ?? [];
  let most = 1e-12;
  matrix?.data.forEach((w, at) => (most = Math.max(most, Math.abs(w * (deltas[Math.floor(at / columns)] ?? 0)))));
  return most;
}

/** @param {CanvasRenderingContext2D} context @param {Way} way @param {number} w @param {number} full @param {boolean} later @param {NetworkColors} colors */
function paintPale(context, way, w, full, later, colors) {
  context.globalAlpha = later ? 1 : PALE;
  context.lineWidth = later ? 1 : (STYLES[weightLevel(w, full)]?.width ?? 1);
  context.strokeStyle = later ? colors.line : w < 0 ? colors.negative : colors.positive;
  context.setLineDash(later ? [4, 4] : []);
  stroke(context, way);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** An edge through which a product flows: as wide as that is large, in the colour of the weight's sign.
 * @param {CanvasRenderingContext2D} context @param {Way} way @param {number} product @param {number} w @param {number} peak
 * @param {NetworkColors} colors */
function paintFlow(context, way, product, w, peak, colors) {
  const share = Math.min(1, Math.abs(product) / peak) || 0;
  context.lineWidth = 0.75 + 4.25 * share;
  context.globalAlpha = 0.35 + 0.6 * share;
  context.strokeStyle = w < 0 ? colors.negative : colors.positive;
  stroke(context, way);
  context.globalAlpha = 1;
}

/** The products that make z of the chosen unit. @param {CanvasRenderingContext2D} context @param {Scene} scene */
function paintProducts(context, { flow: { units, focus, products, bias, row }, layout, colors }) {
  const { layer, way } = focus;
  if (layer === null || way !== "forward") return;
  const left = layout.columns[layer - 1];
  const right = layout.columns[layer];
  const y1 = right?.middles[row - (units.first[layer] ?? 0)];
  if (!left || !right || y1 === undefined) return;
  const peak = Math.max(1e-12, ...products.map(({ product }) => Math.abs(product)));
  for (const { unit, weight, product } of products) {
    const y0 = left.middles[unit - (units.first[layer - 1] ?? 0)];
    if (y0 === undefined) continue;
    paintFlow(context, { x0: left.chips + (CHIP.forward - 8) * colors.scale, y0, x1: right.left, y1 }, product, weight, peak, colors);
  }
  if (bias === null) return;
  const y0 = biasAt(left, layout.card.height);
  paintFlow(context, { x0: left.chips + (CHIP.forward - 8) * colors.scale, y0, x1: right.left, y1 }, bias, bias, peak, colors);
}

/** The weight whose derivative or update is worked out. @param {CanvasRenderingContext2D} context @param {Scene} scene
 * @param {number} row @param {number} column */
function paintWeight(context, { flow: { units, focus }, layout, colors }, row, column) {
  const { layer, way } = focus;
  if (layer === null || way === "forward") return;
  const left = layout.columns[layer - 1];
  const right = layout.columns[layer];
  const y0 = left?.middles[column - (units.first[layer - 1] ?? 0)];
  const y1 = right?.middles[row - (units.first[layer] ?? 0)];
  if (!left || !right || y0 === undefined || y1 === undefined) return;
  context.lineWidth = 2.5 * colors.scale;
  context.strokeStyle = palette().css("accent");
  stroke(context, { x0: left.right, y0, x1: right.left, y1 });
}

/** @param {CanvasRenderingContext2D} context @param {Way} way */
function stroke(context, way) {
  const [ax = 0, ay = 0, bx = 0, by = 0, x = 0, y = 0] = controlPoints({ ...way, layer: 0, from: 0, to: 0 });
  context.beginPath();
  context.moveTo(way.x0, way.y0);
  context.bezierCurveTo(ax, ay, bx, by, x, y);
  context.stroke();
}
