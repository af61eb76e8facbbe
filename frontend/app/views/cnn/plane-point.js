/** Shows one point of the plane between images: the mixture of images, the network's output and the cell. */

import katex from "katex";
import { PlotCanvas } from "../../marks/plot.js";
import { count, percent } from "../../marks/scales.js";
import { affineLatex, pointText } from "../../panels/affine.js";
import { element, setText } from "../../panels/element.js";
import { extractImage } from "./one-image.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../panels/region-card.js").At} At */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

/** The index of the mixture, after the three images. */
const MIXTURE = 3;

export class PlanePoint {
  #canvas = element("canvas", { class: "cnn-thumbnail", "aria-hidden": "true" });
  #title = element("strong", { class: "number" });
  #prediction = element("p", { class: "number" });
  #formula = element("div", { class: "plane-point-formula" });
  #units = element("p", { class: "caption number" });
  element;
  #plot = new PlotCanvas(this.#canvas);
  #context;

  /**
   * @param {Context} context
   * @param {() => void} close
   */
  constructor(context, close) {
    this.#context = context;
    const button = element(
      "button",
      { type: "button", class: "map-tool", "aria-label": "Close the place" },
      "×",
    );
    button.addEventListener("click", close);
    this.element = element(
      "section",
      { class: "plane-point", "aria-label": "The chosen place" },
      element("header", {}, this.#title, button),
      element("div", { class: "plane-point-body" }, this.#canvas, element("div", {}, this.#prediction, this.#units)),
      this.#formula,
    );
    this.hide();
  }

  hide() {
    this.element.dataset["empty"] = "";
    setText(this.#title, "Click a place of the plane");
    setText(this.#prediction, "");
    setText(this.#units, "");
    this.#formula.replaceChildren();
  }

  close() {
    this.#plot.close();
  }

  /** @param {Facts} facts @param {Plot | undefined} images */
  show(facts, images) {
    const at = /** @type {At | undefined} */ (/** @type {unknown} */ (facts["at"]));
    if (!at) return;
    delete this.element.dataset["empty"];
    const mixture = extractImage(images, MIXTURE);
    if (mixture) this.#plot.draw(mixture);
    setText(this.#title, `The cell at ${pointText(at.point)}`);
    const { index, share } = mostProbable(at);
    const { catalogue, run } = this.#context.state;
    const data = catalogue.peek()?.data.find(({ kind }) => kind === run.peek()?.spec.data.kind);
    const name = data?.class_names?.[index] ?? String(index);
    setText(this.#prediction, `${name}, ${percent(share)}`);
    const names = Array.isArray(facts["layers"]) ? facts["layers"] : [];
    setText(this.#units, unitsOnText(at.pattern, names.map(String), this.#pools()));
    const map = `\\theta_{${index}}=${affineLatex(at.matrix[index] ?? [], at.offset[index] ?? 0)}`;
    katex.render(map.replaceAll("x_1", "u").replaceAll("x_2", "v"), this.#formula, { throwOnError: false });
  }

  /** Labels of the layers with a pattern of winners, not of units that are on. */
  #pools() {
    const layers = this.#context.state.described.peek()?.layers ?? [];
    return new Set(layers.filter(({ kind }) => kind === "max_pool").map(({ label }) => label));
  }
}

/**
 * The most probable class at the place, by the cell's affine map.
 * @param {Pick<At, "point" | "matrix" | "offset">} at
 */
export function mostProbable({ point, matrix, offset }) {
  const logits = matrix.map((slopes, k) =>
    slopes.reduce((sum, slope, i) => sum + slope * (point[i] ?? 0), offset[k] ?? 0),
  );
  const most = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return { index: logits.indexOf(most), share: 1 / sum };
}

/**
 * @param {number[][]} pattern the piece of each unit, by layer
 * @param {string[]} names of the layers
 * @param {Set<string>} pools the layers with winners, not units that are on
 */
export function unitsOnText(pattern, names, pools) {
  return pattern
    .flatMap((pieces, i) => {
      const name = names[i] ?? String(i + 1);
      if (pools.has(name)) return [];
      return [`${name}: ${count(pieces.filter((piece) => piece > 0).length)} of ${count(pieces.length)} units on`];
    })
    .join("; ");
}
