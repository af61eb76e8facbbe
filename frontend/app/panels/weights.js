/** The panel of weights: each layer's weights as a matrix, its biases, and their distribution. */

import { effect } from "@preact/signals-core";

import { cellAt } from "../marks/matrix.js";
import { PlotCanvas } from "../marks/plot.js";
import { format } from "../marks/scales.js";
import { sentences } from "../stream/api-error.js";
import { at } from "../stream/frame.js";
import { element, setText } from "./element.js";
import { FactsRow } from "./facts-row.js";
import { colorBar } from "./legend.js";
import { Tabs } from "./tabs.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/pictures.js").MatrixMark} MatrixMark */

const FPS = 10;
/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const panel = new Weights(host, context);
  return () => panel.close();
}

class Weights {
  #layer = 1;
  /** @type {MatrixMark | null} */
  #matrix = null;
  /** @type {MatrixMark | null} */
  #bias = null;
  /** @type {{row: number, column: number} | null} */
  #cell = null;

  #tabs = new Tabs("Layer", (id) => this.#show(Number(id)));
  #reading = element("p", { class: "caption number matrix-cursor-value" });
  #colorScale = element("div", { class: "legend caption" });
  #note = element("span", { class: "caption" });
  #canvas = element("canvas", { class: "matrix-canvas", tabindex: "0", role: "img", "aria-label": "Weights" });
  #column = element("canvas", { class: "bias-canvas", role: "img", "aria-label": "Biases" });
  #grids = element("div", { class: "matrices" }, this.#canvas, this.#column);
  #histogram = element("canvas", { class: "histogram-canvas", role: "img", "aria-label": "Distribution of the weights" });
  #message = element("p", { class: "panel-message", hidden: true });
  #facts = new FactsRow();
  #context;
  #plots;
  #watch;
  #stops;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    host.append(
      element(
        "div",
        { class: "weights" },
        element("div", { class: "panel-bar" }, this.#tabs.element, this.#note),
        element("div", { class: "weights-matrix" }, this.#grids, this.#colorScale, this.#reading),
        element("div", { class: "weights-numbers" }, this.#histogram, this.#facts.element),
      ),
      this.#message,
    );
    this.#plots = {
      matrix: new PlotCanvas(this.#canvas, { overlay: (view) => this.#framePointed(view) }),
      bias: new PlotCanvas(this.#column),
      histogram: new PlotCanvas(this.#histogram),
    };
    this.#canvas.addEventListener("pointermove", (event) => {
      const { view } = this.#plots.matrix;
      const matrix = this.#matrix;
      this.#setCell(view && matrix && cellAt(matrix, view, event.offsetX, event.offsetY));
    });
    this.#canvas.addEventListener("pointerleave", () => this.#setCell(null));
    this.#canvas.addEventListener("blur", () => this.#setCell(null));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#watch = context.pictures.watch({
      id: "weights",
      probe: "weights",
      options: { layer: this.#layer },
      fps: FPS,
      host,
      paint: (picture) => this.#paint(picture),
      fail: (problem) => {
        setText(this.#message, sentences(problem));
        this.#message.hidden = false;
      },
    });
    this.#stops = [effect(() => this.#follow())];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#watch.close();
    for (const plot of Object.values(this.#plots)) plot.close();
  }

  /** Follows the run's layers, and shows the layer of a chosen unit. */
  #follow() {
    const layers = this.#context.state.run.value?.layers ?? [];
    const selected = this.#context.state.selected.value;
    if (selected && selected.layer > 0) this.#layer = selected.layer;
    this.#layer = Math.max(1, Math.min(this.#layer, layers.length));
    const many = layers.length > 4;
    this.#tabs.show(
      layers.map(({ label }, i) => ({ id: String(i + 1), label: many ? String(i + 1) : label })),
      String(this.#layer),
    );
    this.#watch.set({ layer: this.#layer });
  }

  /** @param {number} layer */
  #show(layer) {
    this.#layer = layer;
    this.#setCell(null);
    this.#follow();
  }

  /** @param {Picture} picture */
  #paint({ plots, facts }) {
    this.#message.hidden = true;
    for (const plot of plots) {
      const mark = plot.marks[0];
      if (plot.id.startsWith("W") && mark?.kind === "matrix") {
        this.#matrix = mark;
        this.#resize();
        this.#colorScale.replaceChildren(colorBar(-mark.peak, mark.peak, "full"));
        setText(this.#note, plot.note || plot.title.replace(/^.*, /, ""));
        this.#plots.matrix.draw(plot);
        this.#canvas.setAttribute("aria-label", `Weights, ${plot.title}. Use the arrow keys to read a weight.`);
      } else if (plot.id.startsWith("b") && mark?.kind === "matrix") {
        this.#bias = mark;
        this.#plots.bias.draw(plot);
        this.#column.setAttribute("aria-label", "Biases");
      } else if (plot.id.startsWith("histogram")) {
        this.#plots.histogram.draw(plot);
        this.#histogram.setAttribute("aria-label", plot.title);
      }
    }
    const hasBias = plots.some(({ id }) => id.startsWith("b"));
    this.#column.hidden = !hasBias;
    if (!hasBias) this.#bias = null;
    const of = /** @type {any} */ (facts[String(this.#layer)]);
    if (of) {
      this.#facts.show([
        { label: "Mean", value: format(of.mean) },
        { label: "Standard deviation", value: format(of.std) },
        { label: "Largest", value: format(of.peak) },
      ]);
    }
    this.#updateReading();
  }

  /** Tells the style sheet the matrix's shape, from which the canvases' sizes follow. */
  #resize() {
    const [rows = 1, columns = 1] = this.#matrix?.values.shape ?? [];
    const { style } = this.#grids;
    style.setProperty("--rows", String(rows));
    style.setProperty("--columns", String(columns));
  }

  /** @param {{row: number, column: number} | null} cell */
  #setCell(cell) {
    const before = this.#cell;
    if (before?.row === cell?.row && before?.column === cell?.column) return;
    this.#cell = cell;
    this.#context.state.hovered.value = cell ? { layer: this.#layer, unit: cell.row } : null;
    this.#plots.matrix.redraw();
    this.#updateReading();
  }

  /** @param {import("../marks/view.js").View} view */
  #framePointed({ canvas, palette, left, top, width, height }) {
    const matrix = this.#matrix;
    if (!this.#cell || !matrix) return;
    const [rows = 1, columns = 1] = matrix.values.shape;
    const { row, column } = this.#cell;
    canvas.strokeStyle = palette.css("ink");
    canvas.lineWidth = 2;
    canvas.strokeRect(
      left + (column * width) / columns + 1,
      top + (row * height) / rows + 1,
      Math.max(2, width / columns - 2),
      Math.max(2, height / rows - 2),
    );
  }

  /** Reads the weight under the cursor, and its unit's bias. */
  #updateReading() {
    const matrix = this.#matrix;
    const cell = this.#cell;
    const columns = matrix?.values.shape[1] ?? 0;
    if (!matrix || !cell || cell.row >= (matrix.values.shape[0] ?? 0) || cell.column >= columns) {
      setText(this.#reading, "Each row is a unit of this layer, each column one of its inputs.");
      return;
    }
    const weight = format(at(matrix.values, cell.row * columns + cell.column));
    const bias = this.#bias ? `, bias ${format(at(this.#bias.values, cell.row))}` : "";
    setText(this.#reading, `From unit ${cell.column + 1} to unit ${cell.row + 1}: ${weight}${bias}`);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [rows = 1, columns = 1] = this.#matrix?.values.shape ?? [];
    const { row, column } = this.#cell ?? { row: 0, column: -1 };
    const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const right = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (down === 0 && right === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#setCell({
      row: Math.min(Math.max(row + down, 0), rows - 1),
      column: Math.min(Math.max(column + right, 0), columns - 1),
    });
  }
}
