/**
 * Draws the two canvases of the network, the weights below and the maps above. Paints once for all
 * pictures received in one animation frame.
 *
 * @typedef {import("../types/pictures.js").GraphMark} GraphMark
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("./topology.js").Column} Column
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./inks.js").Inks} Inks
 * @typedef {{layer: number, unit: number}} Unit
 */
import { edges, level, nearest, placeOf, sameEdge, scale } from "./edges.js";
import { Numbers } from "./numbers.js";
import { paintEdges, paintResiduals } from "./paint_edges.js";
import { biasAt, paintClasses, paintTiles } from "./paint_tiles.js";
import { Sheet } from "./sheet.js";
import { fit } from "./surface.js";

export class Drawing {
  numbers = new Numbers();
  /** @type {Column[]} */ #columns = [];
  /** @type {Layout | null} */ #layout = null;
  /** @type {Edge[][]} */ #edges = [];
  /** @type {ArrayLike<number>[]} */ #weights = [];
  #full = 1;
  /** @type {Inks} */ #inks;
  #sheet = new Sheet();
  #logits = false;
  /** @type {Unit | null} */ #focus = null;
  /** @type {Edge | null} */ #edge = null;
  #view = { left: 0, right: 0 };
  #due = { edges: false, tiles: false };
  #scheduled = false;

  /** @param {HTMLCanvasElement} under @param {HTMLCanvasElement} over @param {Inks} inks */
  constructor(under, over, inks) {
    this.under = under;
    this.over = over;
    this.#inks = inks;
  }

  /**
   * @param {Column[]} columns @param {Layout} layout
   * @param {boolean} logits whether the output is a logit, to be shown as a probability
   */
  place(columns, layout, logits) {
    this.#columns = columns;
    this.#layout = layout;
    this.#logits = logits;
    this.#edges = edges(columns, layout);
    this.#match();
    this.#load();
    this.#plan(true, true);
  }

  /** Takes the weights and biases of a picture. @param {GraphMark | null} graph */
  graph(graph) {
    this.numbers.graph = graph;
    this.#match();
    this.#plan(true, true);
  }

  /** Takes the maps of a picture. @param {TilesMark | null} tiles */
  tiles(tiles) {
    // Edges from units with a blank map are drawn fainter.
    const others = this.numbers.load(tiles);
    this.#load();
    this.#plan(others, true);
  }

  /** Sets the colours. @param {Inks} inks */
  ink(inks) {
    this.#inks = inks;
    this.#load();
    this.#plan(true, true);
  }

  /**
   * Sets the visible part of a wide network; twice as much is painted, and more once that is scrolled past.
   * @param {number} left @param {number} width
   */
  scrolled(left, width) {
    const view = this.#view;
    if (left >= view.left && left + width <= view.right) return;
    this.#view = { left: left - width / 2, right: left + width * 1.5 };
    this.#plan(true, true);
  }

  /** Sets the inspected unit or edge. @param {Unit | null} unit @param {Edge | null} edge */
  look(unit, edge) {
    const same = unit?.layer === this.#focus?.layer && unit?.unit === this.#focus?.unit;
    if (same && sameEdge(edge, this.#edge)) return;
    this.#focus = unit;
    this.#edge = edge;
    this.#plan(true, false);
  }

  /** Whether a weight is drawn. @param {Edge} edge */
  shows(edge) {
    return placeOf(this.#edges, edge) >= 0;
  }

  /** The edge under a point, if any. @param {number} x @param {number} y @param {number} reach */
  edgeAt(x, y, reach) {
    const most = level(this.#full, this.#full);
    const strength = (/** @type {Edge} */ edge) =>
      level(this.numbers.weight(edge) ?? 0, this.#full) / most;
    return nearest(this.#edges, x, y, reach, strength);
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

  #load() {
    const { tiles } = this.numbers;
    if (!tiles) return;
    const output = { layer: this.#columns.length - 1, unit: 0 };
    this.#sheet.load(tiles, this.#inks.table, this.#logits ? this.numbers.tile(output) : -1);
  }

  /** Weights that fit the columns: a late picture may be of the run or page before. */
  #match() {
    const { weights = [], layers = [] } = this.numbers.graph ?? {};
    /** @param {number} at */
    const fits = (at) => layers[at]?.first === this.#columns[at]?.first;
    this.#weights = this.#edges.map((layer, index) => {
      const tensor = weights[index];
      const own = tensor?.data.length === layer.length && fits(index) && fits(index + 1);
      return tensor && own ? tensor.data : [];
    });
    this.#full = scale(this.#weights);
  }

  /** @param {boolean} edges @param {boolean} tiles */
  #plan(edges, tiles) {
    this.#due.edges ||= edges;
    this.#due.tiles ||= tiles;
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Wait for the running code: both pictures of an animation frame arrive before it ends.
    queueMicrotask(() => this.#paint());
  }

  #paint() {
    this.#scheduled = false;
    const due = this.#due;
    this.#due = { edges: false, tiles: false };
    if (!this.#layout) return;
    if (due.edges) this.#paintEdges(this.#layout);
    if (due.tiles) this.#paintTiles(this.#layout);
  }

  /** @param {Layout} layout */
  #paintEdges(layout) {
    const context = fit(this.under, layout.width, layout.height);
    if (!context) return;
    context.clearRect(0, 0, layout.width, layout.height);
    paintEdges(context, {
      edges: this.#edges,
      weights: this.#weights,
      full: this.#full,
      inks: this.#inks,
      focus: this.#focus,
      edge: this.#edge,
      quiet: (layer, unit) => this.numbers.quiet({ layer, unit }),
      view: this.#view,
      pitch: layout.pitch,
    });
    paintResiduals(context, layout, this.#columns, this.#inks, this.#focus);
  }

  /** @param {Layout} layout */
  #paintTiles(layout) {
    const context = fit(this.over, layout.width, layout.height);
    if (!context) return;
    context.clearRect(0, 0, layout.width, layout.height);
    const { left, right } = this.#view;
    const items = this.#columns.flatMap((column, at) => {
      const place = layout.places[at];
      if (!place || place.x + layout.tile < left || place.x - layout.tile > right) return [];
      return place.boxes.map((box, index) => this.#item(column, box, index));
    });
    paintTiles(context, items, this.numbers.tiles, this.#sheet, this.#inks);
    const output = this.#columns.at(-1);
    if (output && output.total > 1) {
      paintClasses(context, layout.places.at(-1)?.boxes ?? [], output.first);
    }
  }

  /** @param {Column} column @param {import("./layout.js").Box} box @param {number} index
   * @returns {import("./paint_tiles.js").Item} */
  #item(column, box, index) {
    const unit = column.cells[index]?.unit ?? null;
    if (unit === null) return { box, tile: -1, bias: null, off: true, quiet: false, broken: false };
    const at = { layer: column.layer, unit };
    return {
      box,
      tile: this.numbers.tile(at),
      bias: column.bias ? this.numbers.bias(at) : null,
      off: false,
      quiet: this.numbers.quiet(at),
      broken: this.numbers.broken(at),
    };
  }
}
