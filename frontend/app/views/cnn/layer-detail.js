/** The large view of one layer: its kernel step by step, maps, filters, receptive field, and shifts. */

import { SMALL } from "../../media.js";
import { effect } from "@preact/signals-core";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { indexChoice, partChoice, shiftChoice } from "./tool-inputs.js";
import { kernelsOf } from "./kernels.js";
import { selectedLayer, selectedImage } from "./selection.js";
import { CellNumbers } from "./cell-numbers.js";
import { nextPosition, KernelAnimation } from "./kernel-animation.js";
import { arrangePicture, TOOLS, toolsOf, toolText } from "./layer-tools.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../panels/figure.js").Pick} Pick */
/** @typedef {import("../../types/api.js").Layer} Layer */
/** @typedef {import("../../types/pictures.js").Facts} Facts */

const MAX_MAPS = 64;
/** At this width pictures are below one another, as high as they need. */
const OF_IMAGES = new Set(["convolution", "feature_maps", "equivariance"]);
const OF_KERNELS = new Set(["convolution", "filters"]);
const COLUMNS = new Map([
  ["convolution", { wide: 5, narrow: 2 }],
  ["equivariance", { wide: 2, narrow: 1 }],
  ["receptive_field", { wide: 2, narrow: 1 }],
]);

export class LayerDetail {
  #tabs = new Tabs("What is shown of the layer", (id) => this.#choose(id));
  #explain = element("p", { class: "caption" });
  #inputs = element("div", { class: "cnn-inputs" });
  #reading = element("p", { class: "cnn-cursor-value number", "aria-live": "off" });
  #place = element("div", { class: "cnn-pictures" });
  element = element(
    "section",
    { class: "cnn-detail", "aria-label": "The chosen layer" },
    element("header", { class: "cnn-detail-head" }, this.#tabs.element, this.#explain),
    this.#inputs,
    this.#place,
    this.#reading,
  );
  #chosenTool = "convolution";
  #shown = "";
  /** @type {PictureView | null} */
  #view = null;
  /** Options of the probe besides layer and image: a place, a channel, a shift. */
  #toolOptions = /** @type {{[option: string]: unknown}} */ ({});
  /** The index of the chosen convolution of the layer. */
  #part = 0;
  #numbers = new CellNumbers();
  #animation = new KernelAnimation(() => this.#moveKernel());
  /** @type {Layer | null} */
  #layer = null;
  #context;
  #stop;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#stop = effect(() => {
      void selectedImage.value;
      this.#layer = context.state.described.value?.layers[selectedLayer.value - 1] ?? null;
      this.#follow();
    });
  }

  close() {
    this.#stop();
    this.#animation.run(false);
    this.#view?.close();
    this.element.remove();
  }

  /** @param {string} id of a tool */
  #choose(id) {
    this.#chosenTool = id;
    this.#follow();
  }

  /** Shows the chosen tool for the chosen layer. */
  #follow() {
    const layer = this.#layer;
    if (!layer) return;
    const { fitting, shown } = toolsOf(layer, this.#chosenTool);
    this.#tabs.show(fitting, shown);
    setText(this.#explain, TOOLS.find(({ id }) => id === shown)?.explain ?? "");
    const key = `${shown} ${layer.name} ${JSON.stringify(kernelsOf(layer))}`;
    if (key === this.#shown) this.#view?.set(this.#options(shown));
    else {
      this.#shown = key;
      if (!kernelsOf(layer)[this.#part]) this.#part = 0;
      this.#open(shown, layer);
    }
  }

  /** @param {number} part */
  #choosePart(part) {
    this.#part = part;
    if (this.#layer) this.#open(toolsOf(this.#layer, this.#chosenTool).shown, this.#layer);
  }

  /** @param {string} tool @param {Layer} layer */
  #open(tool, layer) {
    this.#toolOptions = tool === "equivariance" ? { dx: 1, dy: 0 } : {};
    this.#animation.run(false);
    setText(this.#reading, "");
    this.#view?.close();
    this.#view = this.#viewOf(tool);
    this.#inputs.replaceChildren(...this.#inputsOf(tool, layer));
  }

  /** @param {string} tool */
  #options(tool) {
    const { image, drawing } = selectedImage.peek();
    const seen = OF_IMAGES.has(tool) ? { image, drawing } : {};
    const most = tool === "feature_maps" ? { maps: MAX_MAPS } : {};
    const part = OF_KERNELS.has(tool) ? { part: this.#part } : {};
    return { layer: selectedLayer.peek(), ...seen, ...most, ...part, ...this.#toolOptions };
  }

  /** @param {{[option: string]: unknown}} changes */
  #set(changes) {
    this.#toolOptions = { ...this.#toolOptions, ...changes };
    this.#view?.set(changes);
  }

  /** @param {string} tool */
  #viewOf(tool) {
    const narrow = matchMedia(SMALL).matches;
    const columns = COLUMNS.get(tool)?.[narrow ? "narrow" : "wide"];
    return new PictureView(this.#place, this.#context, {
      id: "cnn-detail",
      probe: tool,
      options: this.#options(tool),
      legend: false,
      facts: false,
      fit: tool !== "filters" && !narrow,
      ...(columns && { columns }),
      // Five narrow pictures keep to their columns, so that their titles have the whole width.
      ...(tool === "convolution" && { heading: ({ title, note }) => ({ title, note }) }),
      ...(tool === "convolution" && { over: (view, plot) => this.#numbers.write(view, plot) }),
      arrange: (picture) => arrangePicture(tool, picture),
      onPaint: ({ facts, plots }) => {
        this.#numbers.setMatrices(plots);
        setText(this.#reading, toolText(tool, facts));
      },
      onPick: (pick) => this.#pick(tool, pick),
    });
  }

  /** @param {string} tool @param {Pick} pick */
  #pick(tool, { plot, row, column }) {
    if (row === undefined || column === undefined) return;
    if (tool === "convolution" && plot === "output") this.#set({ row, column });
    const facts = this.#view?.picture?.facts;
    if (tool === "receptive_field" && plot === "gradient" && facts) {
      const jump = Number(facts["jump"]) || 1;
      const last = { row: Number(facts["height"]) - 1, column: Number(facts["width"]) - 1 };
      this.#set({
        row: Math.min(Math.floor(row / jump), last.row),
        column: Math.min(Math.floor(column / jump), last.column),
      });
    }
  }

  /** @param {string} tool @param {Layer} layer @returns {HTMLElement[]} */
  #inputsOf(tool, layer) {
    const set = this.#set.bind(this);
    if (tool === "equivariance") return shiftChoice(set);
    if (!OF_KERNELS.has(tool)) return [];
    const all = kernelsOf(layer);
    const { channels, inputs } = all[this.#part] ?? { channels: 1, inputs: 1 };
    const part = all.length > 1 ? [partChoice(all.length, this.#part, (next) => this.#choosePart(next))] : [];
    if (tool === "filters") return part;
    return [
      ...part,
      indexChoice("Kernel", channels, "channel", set),
      ...(inputs > 1 ? [indexChoice("Input channel", inputs, "input", set)] : []),
      this.#animation.element,
    ];
  }

  #moveKernel() {
    const facts = this.#view?.picture?.facts;
    if (!facts) return;
    const { row, column } = this.#toolOptions;
    const at = row === undefined ? null : { row: Number(row), column: Number(column) };
    this.#set(nextPosition(at, Number(facts["rows"]), Number(facts["columns"])));
  }
}
