/** Draws one plot on one canvas: axes, and marks in their order. */

import { drawAxes, drawGrid, margins } from "./axes.js";
import { onTheme, palette } from "./colors.js";
import { draw } from "./draw.js";
import { drawLabels, labelMargins, labelsOf } from "./labels.js";
import { innerBox, valuesAt } from "./view.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("./scales.js").NamedAxis} Axis */
/** @typedef {import("./view.js").View} View */

/** @type {Axis} */
const UNIT = { label: "", low: 0, high: 1, unit: "", scale: "linear", whole: false };

/** The corner radii: maps like tiles; matrices less, or small cells would lose their corners. */
const CORNER_RADIUS = { map: 6, matrix: 2, chart: 0 };

/**
 * Draws plots onto a canvas whose size CSS decides. Layout is never read while painting: the canvas
 * is measured when it changes.
 */
export class PlotCanvas {
  /** @type {View | null} The places of values; null before the first drawing. */
  view = null;
  /** @type {Plot | null} */
  #plot = null;
  #size = { width: 0, height: 0 };
  /** @type {import("./view.js").Cache[]} */
  #caches = [];
  #axesKey = "";
  #canvas;
  #context;
  #tinted;
  #overlay;
  #observer;
  #stopTheme;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{tinted?: boolean, overlay?: (view: View) => void}} [how]
   *   `tinted`: maps are pale, so that points stand out; `overlay` draws on top
   */
  constructor(canvas, { tinted = false, overlay } = {}) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.#tinted = tinted;
    this.#overlay = overlay;
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) this.#resize(entry.contentRect);
    });
    this.#observer.observe(canvas);
    this.#stopTheme = onTheme(() => this.redraw());
  }

  /** @param {Plot} plot */
  draw(plot) {
    this.#plot = plot;
    this.redraw();
  }

  /** Draws the same plot again. */
  redraw() {
    const plot = this.#plot;
    if (!plot || this.#size.width < 8 || this.#size.height < 8) return;
    const view = this.#viewOf(plot);
    this.view = view;
    const { canvas, ratio, left, top, width, height } = view;
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.#axesKey === view.key) canvas.clearRect(left, top, width, height);
    else {
      canvas.clearRect(0, 0, this.#size.width, this.#size.height);
      drawAxes(view, ...axesOf(plot));
      drawLabels(view, labelsOf(plot));
      this.#axesKey = view.key;
    }
    canvas.save();
    canvas.beginPath();
    const kind = plot.equal ? "map" : plot.marks[0]?.kind === "matrix" ? "matrix" : "chart";
    canvas.roundRect(left, top, width, height, CORNER_RADIUS[kind]);
    canvas.clip();
    if (axesOf(plot)[1] && !plot.equal) drawGrid(view);
    plot.marks.forEach((mark, i) => draw(mark, view, this.#cacheOf(i, mark.kind)));
    this.#overlay?.(view);
    canvas.restore();
  }

  /**
   * The values under a pointer event; null outside the plot.
   * @param {{offsetX: number, offsetY: number}} event
   */
  valuesAt({ offsetX, offsetY }) {
    return this.view && valuesAt(this.view, offsetX, offsetY);
  }

  close() {
    this.#observer.disconnect();
    this.#stopTheme();
  }

  /**
   * @param {number} i
   * @param {string} kind
   */
  #cacheOf(i, kind) {
    const cache = this.#caches[i];
    return cache?.kind === kind ? cache : (this.#caches[i] = { kind });
  }

  /** @param {{width: number, height: number}} size */
  #resize({ width, height }) {
    const ratio = globalThis.devicePixelRatio || 1;
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#axesKey = "";
    this.redraw();
  }

  /**
   * @param {Plot} plot
   * @returns {View}
   */
  #viewOf(plot) {
    const { x, y, equal } = plot;
    const colors = palette();
    const xAxis = x ?? UNIT;
    const yAxis = y ?? UNIT;
    const aspect = equal ? (xAxis.high - xAxis.low) / (yAxis.high - yAxis.low) : undefined;
    const box = innerBox(this.#size, marginsOf(plot, colors.scale), aspect);
    const ratio = globalThis.devicePixelRatio || 1;
    const { left, top, width, height } = box;
    const place = `${left} ${top} ${width} ${height} ${ratio} ${colors.version}`;
    const key = `${place} ${axisKey(x)} ${axisKey(y)} ${JSON.stringify(labelsOf(plot))}`;
    return {
      ...box,
      canvas: this.#context,
      ratio,
      xAxis,
      yAxis,
      palette: colors,
      tinted: this.#tinted,
      key,
    };
  }
}

/**
 * The drawn axes: bars from left to right have their values beside them instead.
 * @param {Plot} plot
 * @returns {[Axis | null, Axis | null]}
 */
function axesOf({ marks: [first], x, y }) {
  return first?.kind === "bars" && first.horizontal ? [null, null] : [x, y];
}

/**
 * The margins around a plot's box, in CSS pixels.
 * @param {Plot} plot
 * @param {number} scale of type
 */
export function marginsOf(plot, scale) {
  return margins(scale, ...axesOf(plot), labelMargins(labelsOf(plot), scale));
}

/** @param {Axis | null} axis */
function axisKey(axis) {
  if (!axis) return "";
  const { low, high, label, unit, scale, ticks, names } = axis;
  return `${low} ${high} ${label} ${unit} ${scale} ${ticks} ${names}`;
}
