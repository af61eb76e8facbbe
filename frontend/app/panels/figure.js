/** Shows one plot with its title, its note and the value under the cursor, and reports clicks. */

import { barBox } from "../marks/bars.js";
import { hitTest, describeHit } from "../marks/hit-test.js";
import { imageBox, imageGrid } from "../marks/images.js";
import { cellBox } from "../marks/matrix.js";
import { PlotCanvas } from "../marks/plot.js";
import { tileBox } from "../marks/tiles.js";
import { element, setText } from "./element.js";

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("../marks/view.js").View} View */
/** @typedef {import("../marks/hit-test.js").Hit} Hit */

/**
 * The target of a click: the plot's id, the mark's kind, and the part of the mark.
 * @typedef {Omit<Hit, "mark" | "box"> & {plot: string, mark: import("../types/pictures.js").MarkKind}} Pick
 */

/**
 * @typedef {object} FigureHooks
 * @property {(pick: Pick) => void} [onPick] a click, or Enter on the keyboard
 * @property {(pick: Pick | null) => void} [onHover]
 * @property {(view: View) => void} [over] draws over the plot
 * @property {(hit: Hit) => string} [describe] what is under the cursor, in words
 * @property {boolean} [tinted] whether maps are pale, so that points stand out
 */

/** @typedef {{index?: number, row?: number, column?: number}} Chosen */

/** Arrow keys move from cell to cell; in maps and curves, by this share of the plot. */
const STEP_SHARE = 1 / 40;

export class PlotFigure {
  // Of level 2: a view has no heading above its plots.
  #title = element("h3", { class: "figure-title", "aria-level": "2" });
  #note = element("span", { class: "caption figure-note number", "aria-live": "off" });
  #head = element("figcaption", { class: "figure-head" }, this.#title, this.#note);
  canvas = element("canvas", { class: "figure-canvas", tabindex: "0", role: "img" });
  element = element("figure", { class: "figure-plot" }, this.#head, this.canvas);
  /** Draws the plot; its `view` maps values to places. @type {PlotCanvas} */
  plot;
  /** @type {Plot | null} */
  #shown = null;
  /** @type {string[]} */
  #names = [];
  /** Where the cursor is on the canvas. @type {{x: number, y: number} | null} */
  #cursor = null;
  /** @type {Hit | null} */
  #hit = null;
  /** @type {Chosen | null} */
  #chosen = null;
  /** @type {import("../marks/plot-size.js").Size} */
  #size = { width: 0, height: 0 };
  #hooks;

  /** @param {FigureHooks} [hooks] */
  constructor(hooks = {}) {
    this.#hooks = hooks;
    this.plot = new PlotCanvas(this.canvas, { tinted: hooks.tinted ?? false, overlay: (view) => this.#drawOverlay(view) });
    const { canvas } = this;
    canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.#moveCursor(offsetX, offsetY));
    canvas.addEventListener("pointerleave", () => this.#clearCursor());
    canvas.addEventListener("blur", () => this.#clearCursor());
    canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      this.#moveCursor(offsetX, offsetY);
      this.#emitPick();
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {Plot} plot
   * @param {import("../marks/plot-size.js").Size} size of the canvas, in CSS pixels
   * @param {string[]} [names] of classes
   * @param {number} [room] width of the whole, available to its title and note
   */
  show(plot, size, names = [], room = size.width) {
    this.#shown = plot;
    this.#names = names;
    setText(this.#title, plot.title);
    this.#head.hidden = plot.title === "" && plot.note === "";
    this.element.style.width = `${room}px`;
    if (size.width !== this.#size.width || size.height !== this.#size.height) {
      this.#size = size;
      this.canvas.style.width = `${size.width}px`;
      this.canvas.style.height = `${size.height}px`;
    }
    this.plot.draw(plot);
    this.#updateReading();
  }

  /** The shown plot. */
  get shown() {
    return this.#shown;
  }

  /** Frames a cell, an image or a bar as chosen; null frames none. @param {Chosen | null} chosen */
  choose(chosen) {
    this.#chosen = chosen;
    this.plot.redraw();
  }

  close() {
    this.plot.close();
    this.element.remove();
  }

  /** @param {number} x @param {number} y */
  #moveCursor(x, y) {
    this.#cursor = { x, y };
    this.#updateReading();
    this.plot.redraw();
    this.#hooks.onHover?.(this.#currentPick());
  }

  #clearCursor() {
    if (!this.#cursor) return;
    this.#cursor = null;
    this.#updateReading();
    this.plot.redraw();
    this.#hooks.onHover?.(null);
  }

  /** Updates the reading under the cursor, in words. */
  #updateReading() {
    const plot = this.#shown;
    const { view } = this.plot;
    const { x, y } = this.#cursor ?? { x: -1, y: -1 };
    this.#hit = plot && view && this.#cursor ? hitTest(plot, view, x, y) : null;
    const text = plot && this.#hit ? this.#describe(plot, this.#hit) : "";
    setText(this.#note, text || (plot?.note ?? ""));
    this.#head.classList.toggle("hovered", text !== "");
    if (this.#head.hidden && text) this.#head.hidden = false;
    const pickable = this.#hooks.onPick && this.#hit && (text || !this.#hooks.describe);
    this.canvas.classList.toggle("pickable", Boolean(pickable));
    const label = `${[plot?.title, plot?.note].filter(Boolean).join(", ")}. ${text || "Use the arrow keys to read values."}`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  /** @param {Plot} plot @param {Hit} hit */
  #describe(plot, hit) {
    return this.#hooks.describe?.(hit) ?? describeHit(plot, hit, this.#names);
  }

  /** @returns {Pick | null} */
  #currentPick() {
    const plot = this.#shown;
    const found = this.#hit;
    const kind = found && plot?.marks[found.mark]?.kind;
    if (!plot || !found || !kind) return null;
    const { box: _, mark: __, ...place } = found;
    return { ...place, plot: plot.id, mark: kind };
  }

  #emitPick() {
    const pick = this.#currentPick();
    if (pick) this.#hooks.onPick?.(pick);
  }

  /** @param {View} view */
  #drawOverlay(view) {
    const plot = this.#shown;
    if (this.#hit?.box) frame(view, this.#hit.box, "ink", 1.5);
    if (this.#chosen && plot) {
      const box = boxOf(plot, view, this.#chosen);
      if (box) frame(view, box, "accent", 2);
    }
    this.#hooks.over?.(view);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { view } = this.plot;
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (event.key === "Enter" && this.#hit) this.#emitPick();
    else if (event.key === "Escape" && this.#cursor) this.#clearCursor();
    else if (view && (across || down)) {
      const box = this.#hit?.box;
      const step = box ?? { width: STEP_SHARE * view.width, height: STEP_SHARE * view.height };
      const from = box
        ? { x: box.left + box.width / 2, y: box.top + box.height / 2 }
        : (this.#cursor ?? { x: view.left + 2, y: view.top + 2 });
      // Cells have small gaps, so the next one is more than one width away.
      const reach = box ? 1.2 : 1;
      const x = this.#cursor ? from.x + across * step.width * reach : from.x;
      const y = this.#cursor ? from.y + down * step.height * reach : from.y;
      this.#moveCursor(clampInside(x, view.left, view.width), clampInside(y, view.top, view.height));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {number} at @param {number} low @param {number} span */
const clampInside = (at, low, span) => Math.min(Math.max(at, low + 1), low + span - 1);

/**
 * @param {Plot} plot
 * @param {View} view
 * @param {Chosen} chosen
 */
function boxOf(plot, view, chosen) {
  for (const mark of plot.marks) {
    if (mark.kind === "matrix" && chosen.row !== undefined && chosen.column !== undefined) {
      return cellBox(mark, view, chosen.row, chosen.column);
    }
    if (mark.kind === "images" && chosen.index !== undefined) {
      return imageBox(imageGrid(mark, view, view.palette.scale, view.ratio), view, chosen.index);
    }
    if (mark.kind === "tiles" && chosen.index !== undefined) {
      return tileBox(mark.ids.length, view, chosen.index);
    }
    if (mark.kind === "bars" && chosen.index !== undefined) return barBox(mark, view, chosen.index);
  }
  return null;
}

/**
 * @param {View} view
 * @param {import("../marks/view.js").Box} box
 * @param {string} color
 * @param {number} line
 */
function frame({ canvas, palette }, { left, top, width, height }, color, line) {
  canvas.strokeStyle = palette.css(color);
  canvas.lineWidth = line;
  canvas.strokeRect(
    left + line / 2,
    top + line / 2,
    Math.max(line, width - line),
    Math.max(line, height - line),
  );
}
