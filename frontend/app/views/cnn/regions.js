/**
 * The large view of the exact linear regions on the plane through three images. The viewer zooms, drags and
 * chooses the images, and sees at any place the mixture of the three, the cell and the network's output.
 */

import { PlotCanvas } from "../../marks/plot.js";
import { count } from "../../marks/scales.js";
import { drawCursor } from "../../panels/cursor.js";
import { element, setText } from "../../panels/element.js";
import { FactsRow } from "../../panels/facts-row.js";
import { Incomplete } from "../../panels/incomplete.js";
import { LayerTable } from "../../panels/layer-table.js";
import { listenToPointer } from "../../panels/map-pointer.js";
import { boundFact, cellsFact, regionsFact } from "../../panels/region-facts.js";
import { Tabs } from "../../panels/tabs.js";
import { mapButton } from "../../panels/map-button.js";
import { panWindow } from "../../panels/plot-window.js";
import { sentences } from "../../stream/api-error.js";
import { PlaneOverview } from "./plane-overview.js";
import { PlanePoint } from "./plane-point.js";
import { ThreeImages } from "./three-images.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

const FPS = 4;
/** The most cells. It is not a default panel, so it may cut more than fits a small frame. */
const MAX_CELLS = 3000;
const KINDS = [
  { id: "activation", label: "Activation regions" },
  { id: "linear", label: "Linear regions" },
];
const ABOUT = {
  activation: "In each cell the same units are on, and each max pool takes the same input.",
  linear: "Neighbouring cells with the same affine map are one linear region.",
};
const KEYS_HELP = "Use the arrow keys to move the cursor, Enter to choose a place, Escape to close it, plus, minus and 0 to zoom.";

export class Regions {
  #tabs = new Tabs("Which regions", (id) => this.#setMerge(id === "linear"));
  #about = element("p", { class: "caption" });
  #canvas = element("canvas", { class: "map-canvas", tabindex: "0", role: "img", "aria-label": "Regions" });
  #note = element("p", { class: "cnn-regions-note caption", role: "status" });
  #fit = element("button", { type: "button", class: "button small" }, "Zoom in until all cells are shown");
  #facts = new FactsRow();
  #incomplete = new Incomplete();
  #table = new LayerTable();
  #message = element("p", { class: "picture-message", role: "status" }, "Waiting for the first picture.");
  #shown;
  element;
  #plot;
  #images;
  #point;
  #overview = new PlaneOverview((u, v) => this.#centre(u, v));
  #watch;
  #reset;
  /** @type {number[] | null} */
  #window = null;
  /** @type {{x: number, y: number} | null} */
  #cursor = null;
  /** @type {number[] | null} */
  #chosen = null;
  #merge = false;
  /** Whether the server shrinks the window to the part that it can cut completely. */
  #narrow = false;
  /** @type {Plot | null} */
  #drawn = null;

  /** @param {Context} context */
  constructor(context) {
    this.#plot = new PlotCanvas(this.#canvas, {
      tinted: true,
      overlay: (view) => drawCursor(view, this.#cursor, this.#chosen),
    });
    const { zoom } = listenToPointer(this.#canvas, this.#plot, {
      window: () => this.#shownWindow(),
      setWindow: (window) => this.#setWindow(window),
      hover: (at) => {
        this.#cursor = at;
        this.#plot.redraw();
      },
      select: ({ x, y }) => this.#choose([x, y]),
    });
    this.#reset = mapButton("Reset zoom", "⤢", () => this.#setWindow(null));
    this.#reset.disabled = true;
    const tools = element(
      "div",
      { class: "map-tools" },
      mapButton("Zoom in", "+", () => zoom(1 / 1.5)),
      mapButton("Zoom out", "−", () => zoom(1.5)),
      this.#reset,
    );
    this.#canvas.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#choose(null);
    });
    this.#fit.addEventListener("click", () => {
      this.#narrow = true;
      this.#request();
    });
    this.#images = new ThreeImages(context, (images) => this.#setImages(images));
    this.#point = new PlanePoint(context, () => this.#choose(null));
    this.#shown = element(
      "div",
      { class: "cnn-regions-shown" },
      element(
        "div",
        { class: "cnn-regions-main" },
        element("div", { class: "map" }, this.#canvas, tools),
        element("div", { class: "cnn-regions-cut" }, this.#note, this.#fit),
        this.#images.element,
      ),
      element(
        "div",
        { class: "cnn-regions-side" },
        this.#tabs.element,
        this.#about,
        this.#facts.element,
        this.#incomplete.element,
        this.#table.element,
        this.#point.element,
        this.#overview.element,
      ),
    );
    this.element = element(
      "section",
      { class: "cnn-regions", "aria-label": "Linear regions between three images" },
      this.#message,
      this.#shown,
    );
    this.#shown.hidden = true;
    this.#watch = context.pictures.watch({
      id: "cnn-regions",
      probe: "regions",
      options: this.#options(),
      fps: FPS,
      host: this.element,
      paint: (picture) => this.#paint(picture),
      fail: (problem) => this.#showProblem(problem),
    });
    this.#setMerge(false);
  }

  close() {
    this.#watch.close();
    this.#plot.close();
    this.#images.close();
    this.#point.close();
    this.#overview.close();
    this.element.remove();
  }

  #options() {
    return {
      merge: this.#merge,
      max_faces: MAX_CELLS,
      images: this.#images.numbers,
      ...(this.#window && { window: this.#window, narrow: this.#narrow }),
      ...(this.#chosen && { point: this.#chosen }),
    };
  }

  #request() {
    this.#watch.set(this.#options());
  }

  /** @param {boolean} merge */
  #setMerge(merge) {
    this.#merge = merge;
    const id = merge ? "linear" : "activation";
    this.#tabs.show(KINDS, id);
    setText(this.#about, ABOUT[id]);
    this.#request();
  }

  /** @returns {number[]} the window */
  #shownWindow() {
    if (this.#window && !this.#narrow) return this.#window;
    const { x, y } = this.#drawn ?? {};
    return [x?.low ?? 0, x?.high ?? 1, y?.low ?? 0, y?.high ?? 1];
  }

  /** @param {number[] | null} window null lets the server choose as much as it can cut completely */
  #setWindow(window) {
    this.#narrow = false;
    this.#window = window;
    this.#reset.disabled = window === null;
    this.#request();
  }

  /** Moves the window to another centre, at the same size. @param {number} u @param {number} v */
  #centre(u, v) {
    const [left = 0, right = 1, low = 0, high = 1] = this.#shownWindow();
    this.#setWindow(panWindow([left, right, low, high], [u - (left + right) / 2, v - (low + high) / 2]));
  }

  /** @param {number[] | null} at */
  #choose(at) {
    this.#chosen = at?.map((value) => Number(value.toPrecision(4))) ?? null;
    if (!at) this.#point.hide();
    this.#request();
    this.#plot.redraw();
  }

  /** @param {number[]} images */
  #setImages(images) {
    this.#watch.set({ ...this.#options(), images });
  }

  /** @param {import("../../types/api.js").Problem} problem */
  #showProblem(problem) {
    // Another data set may have fewer images than the one from which they were chosen.
    if (this.#images.reset()) return;
    setText(this.#message, sentences(problem));
    this.#message.hidden = false;
    this.#shown.hidden = true;
  }

  /** @param {Picture} picture */
  #paint({ plots, facts }) {
    this.#message.hidden = true;
    this.#shown.hidden = false;
    const regions = plots.find(({ id }) => id === "regions");
    const images = plots.find(({ id }) => id === "images");
    this.#overview.show(plots.find(({ id }) => id === "plane"));
    if (regions) {
      this.#drawn = regions;
      this.#plot.draw(regions);
      setText(this.#note, sentence(regions.note));
    }
    this.#incomplete.show(facts);
    this.#fit.hidden = facts["truncated"] !== true;
    this.#facts.show([cellsFact(facts), regionsFact(facts), boundFact(facts)]);
    this.#table.show(facts);
    this.#images.show(images);
    if (this.#chosen) this.#point.show(facts, images);
    this.#canvas.setAttribute(
      "aria-label",
      `${count(Number(facts["activation_regions"]))} activation regions between three images. ${KEYS_HELP}`,
    );
  }
}

/** A note as a sentence of its own. @param {string} note */
const sentence = (note) => note.charAt(0).toUpperCase() + note.slice(1);
