/**
 * Draws the two canvases of the network, the weights below and the maps above. Paints once for all
 * pictures received in one animation frame.
 *
 * @typedef {import("../types/pictures.js").GraphMark} GraphMark
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("./topology.js").Column} Column
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./colors.js").NetworkColors} NetworkColors
 * @typedef {{layer: number, unit: number}} Unit
 */
import { edgesOf, weightLevel, nearestEdge, indexOfEdge, sameEdge, weightScale } from "./edges.js";
import { LatestValues } from "./latest-values.js";
import { paintEdges, paintResiduals } from "./paint-edges.js";
import { biasAt, paintClasses, paintTiles } from "./paint-tiles.js";
import { MapAtlas } from "./map-atlas.js";
import { resizeCanvas } from "./canvas-size.js";

export class Drawing {
  values = new LatestValues();
  /** @type {Column[]} */ #columns = [];
  /** @type {Layout | null} */ #layout = null;
  /** @type {Edge[][]} */ #edges = [];
  /** @type {ArrayLike<number>[]} */ #weights = [];
  #fullWeight = 1;
  /** @type {NetworkColors} */ #colors;
  #atlas = new MapAtlas();
  #logits = false;
  /** @type {Unit | null} */ #focus = null;
  /** @type {Edge | null} */ #edge = null;
  #view = { left: 0, right: 0 };
  #dirty = { edges: false, tiles: false };
  #scheduled = false;

  /** @param {HTMLCanvasElement} edgeCanvas @param {HTMLCanvasElement} mapCanvas @param {NetworkColors} colors */
  constructor(edgeCanvas, mapCanvas, colors) {
    this.edgeCanvas = edgeCanvas;
    this.mapCanvas = mapCanvas;
    this.#colors = colors;
  }

  /**
   * @param {Column[]} columns @param {Layout} layout
   * @param {boolean} logits whether the output is a logit, to be shown as a probability
   */
  setLayout(columns, layout, logits) {
    this.#columns = columns;
    this.#layout = layout;
    this.#logits = logits;
    this.#edges = edgesOf(columns, layout);
    this.#matchWeights();
    this.#fillAtlas();
    this.#schedulePaint(true, true);
  }

  /** Takes the weights and biases of a picture. @param {GraphMark | null} graph */
  setGraph(graph) {
    this.values.graph = graph;
    this.#matchWeights();
    this.#schedulePaint(true, true);
  }

  /** Takes the maps of a picture. @param {TilesMark | null} tiles */
  setTiles(tiles) {
    // Edges from units with a blank map are drawn fainter.
    const others = this.values.setTiles(tiles);
    this.#fillAtlas();
    this.#schedulePaint(others, true);
  }

  /** Sets the colours. @param {NetworkColors} colors */
  setColors(colors) {
    this.#colors = colors;
    this.#fillAtlas();
    this.#schedulePaint(true, true);
  }

  /**
   * Sets the visible part of a wide network; twice as much is painted, and more once that is scrolled past.
   * @param {number} left @param {number} width
   */
  setVisibleRange(left, width) {
    const view = this.#view;
    if (left >= view.left && left + width <= view.right) return;
    this.#view = { left: left - width / 2, right: left + width * 1.5 };
    this.#schedulePaint(true, true);
  }

  /** Sets the inspected unit or edge. @param {Unit | null} unit @param {Edge | null} edge */
  setFocus(unit, edge) {
    const same = unit?.layer === this.#focus?.layer && unit?.unit === this.#focus?.unit;
    if (same && sameEdge(edge, this.#edge)) return;
    this.#focus = unit;
    this.#edge = edge;
    this.#schedulePaint(true, false);
  }

  /** Whether a weight is drawn. @param {Edge} edge */
  hasEdge(edge) {
    return indexOfEdge(this.#edges, edge) >= 0;
  }

  /** The edge under a point, if any. @param {number} x @param {number} y @param {number} reach */
  edgeAt(x, y, reach) {
    const most = weightLevel(this.#fullWeight, this.#fullWeight);
    const strength = (/** @type {Edge} */ edge) =>
      weightLevel(this.values.weight(edge) ?? 0, this.#fullWeight) / most;
    return nearestEdge(this.#edges, x, y, reach, strength);
  }

  /** The unit whose bias is under a point, if any. @param {number} x @param {number} y
   * @param {number} reach */
  biasAt(x, y, reach) {
    for (const [at, place] of this.#layout?.places.entries() ?? []) {
      const column = this.#columns[at];
      if (!column?.bias) continue;
      for (const [index, box] of place.boxes.entries()) {
        const dot = biasAt(box);
        const unit = column.first + index;
        if (Math.hypot(dot.x - x, dot.y - y) <= reach) return { layer: at, unit };
      }
    }
    return null;
  }

  #fillAtlas() {
    const { tiles } = this.values;
    if (!tiles) return;
    const output = { layer: this.#columns.length - 1, unit: 0 };
    this.#atlas.setMaps(tiles, this.#colors.table, this.#logits ? this.values.tile(output) : -1);
  }

  /** Weights that fit the columns: a late picture may be of the run or page before. */
  #matchWeights() {
    const { weights = [], layers = [] } = this.values.graph ?? {};
    /** @param {number} at */
    const fits = (at) => layers[at]?.first === this.#columns[at]?.first;
    this.#weights = this.#edges.map((layer, index) => {
      const tensor = weights[index];
      const own = tensor?.data.length === layer.length && fits(index) && fits(index + 1);
      return tensor && own ? tensor.data : [];
    });
    this.#fullWeight = weightScale(this.#weights);
  }

  /** @param {boolean} edges @param {boolean} tiles */
  #schedulePaint(edges, tiles) {
    this.#dirty.edges ||= edges;
    this.#dirty.tiles ||= tiles;
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Wait for the running code: both pictures of an animation frame arrive before it ends.
    queueMicrotask(() => this.#paint());
  }

  #paint() {
    this.#scheduled = false;
    const due = this.#dirty;
    this.#dirty = { edges: false, tiles: false };
    if (!this.#layout) return;
    if (due.edges) this.#paintEdges(this.#layout);
    if (due.tiles) this.#paintTiles(this.#layout);
  }

  /** @param {Layout} layout */
  #paintEdges(layout) {
    const context = resizeCanvas(this.edgeCanvas, layout.width, layout.height);
    if (!context) return;
    context.clearRect(0, 0, layout.width, layout.height);
    paintEdges(context, {
      edges: this.#edges,
      weights: this.#weights,
      full: this.#fullWeight,
      colors: this.#colors,
      focus: this.#focus,
      edge: this.#edge,
      quiet: (layer, unit) => this.values.quiet({ layer, unit }),
      view: this.#view,
      pitch: layout.pitch,
    });
    paintResiduals(context, layout, this.#columns, this.#colors, this.#focus);
  }

  /** @param {Layout} layout */
  #paintTiles(layout) {
    const context = resizeCanvas(this.mapCanvas, layout.width, layout.height);
    if (!context) return;
    context.clearRect(0, 0, layout.width, layout.height);
    const { left, right } = this.#view;
    const items = this.#columns.flatMap((column, at) => {
      const place = layout.places[at];
      if (!place || place.x + layout.tile < left || place.x - layout.tile > right) return [];
      return place.boxes.map((box, index) => this.#item(column, box, index));
    });
    paintTiles(context, items, this.values.tiles, this.#atlas, this.#colors);
    const output = this.#columns.at(-1);
    if (output && output.total > 1) {
      paintClasses(context, layout.places.at(-1)?.boxes ?? [], output.first);
    }
  }

  /** @param {Column} column @param {import("./layout.js").Box} box @param {number} index
   * @returns {import("./paint-tiles.js").Item} */
  #item(column, box, index) {
    const unit = column.cells[index]?.unit ?? null;
    if (unit === null) return { box, tile: -1, bias: null, off: true, quiet: false, broken: false };
    const at = { layer: column.layer, unit };
    return {
      box,
      tile: this.values.tile(at),
      bias: column.bias ? this.values.bias(at) : null,
      off: false,
      quiet: this.values.quiet(at),
      broken: this.values.broken(at),
    };
  }
}
