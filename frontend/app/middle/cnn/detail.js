/** One layer, large: its kernel step by step, its maps, its filters, what it sees, how it shifts. */

import { effect } from "@preact/signals-core";
import { IndexStepper } from "../../inputs/stepper.js";
import { short } from "../../marks/scales.js";
import { element, say } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { layerAt, lookedAt } from "./looking.js";
import { CellNumbers } from "./numbers.js";
import { TOOLS, toolsOf } from "./tools.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../panels/figure.js").Pick} Pick */
/** @typedef {import("../../types/api.js").Layer} Layer */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

const MAPS = 64;
/** Maps side by side; twice as many where there are many. */
const A_ROW = 8;
/** The kernel moves on so often while it slides, in ms. */
const PACE = 350;
/** Here pictures stand below one another, as high as they need. */
const NARROW = "(max-width: 760px)";
const SHIFT = { least: -8, most: 8 };
const OF_IMAGES = new Set(["convolution", "feature_maps", "equivariance"]);

export class Detail {
  #tabs = new Tabs("What is shown of the layer", (id) => this.#choose(id));
  #explain = element("p", { class: "caption" });
  #inputs = element("div", { class: "cnn-inputs" });
  #reading = element("p", { class: "cnn-reading number", "aria-live": "off" });
  #place = element("div", { class: "cnn-pictures" });
  element = element(
    "section",
    { class: "cnn-detail", "aria-label": "The chosen layer" },
    element("header", { class: "cnn-detail-head" }, this.#tabs.element, this.#explain),
    this.#inputs,
    this.#place,
    this.#reading,
  );
  #wanted = "convolution";
  #shown = "";
  /** @type {PictureView | null} */
  #view = null;
  /** Options of the probe beside layer and image: a place, a channel, a shift. */
  #own = /** @type {{[option: string]: unknown}} */ ({});
  #numbers = new CellNumbers();
  #timer = 0;
  /** @type {Layer | null} */
  #layer = null;
  #context;
  #stop;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#stop = effect(() => {
      void lookedAt.value;
      this.#layer = context.state.described.value?.layers[layerAt.value - 1] ?? null;
      this.#follow();
    });
  }

  close() {
    this.#stop();
    this.#slide(false);
    this.#view?.close();
    this.element.remove();
  }

  /** @param {string} id of a tool */
  #choose(id) {
    this.#wanted = id;
    this.#follow();
  }

  /** Shows the tool that is wanted of the layer that is chosen. */
  #follow() {
    const layer = this.#layer;
    if (!layer) return;
    const { fitting, shown } = toolsOf(layer, this.#wanted);
    this.#tabs.show(fitting, shown);
    say(this.#explain, TOOLS.find(({ id }) => id === shown)?.explain ?? "");
    const key = `${shown} ${layer.name}`;
    if (key !== this.#shown) {
      this.#shown = key;
      this.#own = shown === "equivariance" ? { dx: 1, dy: 0 } : {};
      this.#slide(false);
      say(this.#reading, "");
      this.#view?.close();
      this.#view = this.#made(shown);
      this.#inputs.replaceChildren(...this.#inputsOf(shown, layer));
    } else this.#view?.set(this.#options(shown));
  }

  /** @param {string} tool */
  #options(tool) {
    const { image, drawing } = lookedAt.peek();
    const seen = OF_IMAGES.has(tool) ? { image, drawing } : {};
    const most = tool === "feature_maps" ? { maps: MAPS } : {};
    return { layer: layerAt.peek(), ...seen, ...most, ...this.#own };
  }

  /** @param {{[option: string]: unknown}} changes */
  #set(changes) {
    this.#own = { ...this.#own, ...changes };
    this.#view?.set(changes);
  }

  /** @param {string} tool */
  #made(tool) {
    const narrow = matchMedia(NARROW).matches;
    return new PictureView(this.#place, this.#context, {
      id: "cnn-detail",
      probe: tool,
      options: this.#options(tool),
      legend: false,
      facts: false,
      fit: tool !== "filters" && !narrow,
      ...(tool === "convolution" && { columns: narrow ? 3 : 5, over: (view, plot) => this.#numbers.write(view, plot) }),
      ...(tool === "equivariance" && { columns: narrow ? 1 : 2 }),
      ...(tool === "receptive_field" && { columns: narrow ? 1 : 2 }),
      arrange: (picture) => only(picture, tool),
      onPaint: ({ facts, plots }) => {
        this.#numbers.keep(plots);
        this.#read(tool, facts);
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

  /** @param {string} tool @param {Facts} facts */
  #read(tool, facts) {
    say(this.#reading, readings[tool]?.(facts) ?? "");
  }

  /**
   * @param {string} tool
   * @param {Layer} layer
   */
  #inputsOf(tool, layer) {
    if (tool === "convolution") {
      const [channels = 1, inputs = 1] = layer.weight ?? [layer.output[0] ?? 1, 1];
      const slide = element("button", { type: "button", class: "button small", "aria-pressed": "false" }, "Slide");
      slide.addEventListener("click", () => this.#slide(!this.#timer, slide));
      return [
        this.#stepper("Kernel", channels, "channel"),
        ...(inputs > 1 ? [this.#stepper("Input channel", inputs, "input")] : []),
        slide,
      ];
    }
    if (tool === "equivariance") return [this.#shift("right", "dx", 1), this.#shift("down", "dy", 0)];
    return [];
  }

  /**
   * @param {string} label
   * @param {number} count
   * @param {string} option
   */
  #stepper(label, count, option) {
    const onChange = (/** @type {number} */ value) => this.#set({ [option]: value });
    return new IndexStepper({ label, count, onChange }).element;
  }

  /**
   * @param {string} label
   * @param {string} option
   * @param {number} value
   */
  #shift(label, option, value) {
    const range = element("input", {
      type: "range",
      min: String(SHIFT.least),
      max: String(SHIFT.most),
      step: "1",
      value: String(value),
      "aria-label": `Pixels ${label}`,
    });
    const shown = element("output", { class: "number" }, String(value));
    range.addEventListener("input", () => {
      say(shown, range.value.replace("-", "−"));
      this.#set({ [option]: Number(range.value) });
    });
    return element("label", { class: "cnn-shift" }, element("span", { class: "caption" }, label), range, shown);
  }

  /**
   * From place to place over the output, row by row.
   * @param {boolean} on
   * @param {HTMLElement} [button]
   */
  #slide(on, button) {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    if (button) {
      button.setAttribute("aria-pressed", String(on));
      say(button, on ? "Stop" : "Slide");
    }
    if (!on) return;
    this.#timer = window.setInterval(() => {
      const facts = this.#view?.picture?.facts;
      if (!facts) return;
      const [rows, columns] = [Number(facts["rows"]), Number(facts["columns"])];
      const now = this.#own["row"] === undefined ? -1 : Number(this.#own["row"]) * columns + Number(this.#own["column"]);
      const next = (now + 1) % (rows * columns);
      this.#set({ row: Math.floor(next / columns), column: next % columns });
    }, PACE);
  }
}

/**
 * What is not on the page already: the image and the answer stand above.
 * @param {Picture} picture
 * @param {string} tool
 * @returns {Picture}
 */
function only(picture, tool) {
  if (tool === "equivariance") {
    return { ...picture, plots: picture.plots.filter(({ id }) => id !== "input") };
  }
  if (tool !== "feature_maps") return picture;
  const plots = picture.plots.flatMap((plot) => {
    const [mark] = plot.marks;
    if (!plot.id.startsWith("layer") || mark?.kind !== "images") return [];
    const count = mark.values.shape[0] ?? 1;
    const columns = count > A_ROW * 2 ? 2 * A_ROW : Math.min(count, A_ROW);
    return [{ ...plot, marks: [{ ...mark, columns }] }];
  });
  return { ...picture, plots };
}

/** What stands below each tool's pictures. @type {{[tool: string]: (facts: Facts) => string}} */
const readings = {
  convolution(facts) {
    const bias = Number(facts["bias"]);
    const sum = short(Number(facts["sum"]));
    const of = Number(facts["inputs"]) > 1 ? `over ${facts["inputs"]} input channels ` : "";
    const place = `row ${Number(facts["row"]) + 1}, column ${Number(facts["column"]) + 1}`;
    const sign = bias < 0 ? "−" : "+";
    const z = short(Number(facts["z"]));
    return `z = Σ products ${of}+ b = ${sum} ${sign} ${short(Math.abs(bias))} = ${z}, at ${place}`;
  },
  receptive_field(facts) {
    const inside = facts["inside"];
    const share = typeof inside === "number" ? `; ${short(100 * inside)}% of the gradient lies inside` : "";
    return `${facts["size"]} × ${facts["size"]} pixels reach a unit, ${facts["jump"]} between neighbours${share}`;
  },
  equivariance(facts) {
    const shift = facts["shift"];
    const [across, down] = Array.isArray(shift) ? shift : [0, 0];
    const maps = `the maps move by (${short(Number(across))}, ${short(Number(down))})`;
    const rounding = facts["whole"] ? "" : ", which is not whole: rounded";
    const [before, after] = Array.isArray(facts["predictions"]) ? facts["predictions"] : ["", ""];
    const said = before === after ? `still a ${before}` : `${before} becomes ${after}`;
    return `${maps}${rounding}; largest difference ${short(Number(facts["largest"]))}; the net says ${said}`;
  },
};
