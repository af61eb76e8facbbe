/** The blocks in a row, each a button with the first of its feature maps. */

import { PlotCanvas } from "../../marks/plot.js";
import { element, say } from "../../panels/element.js";

/** @typedef {import("../../types/api.js").Layer} Layer */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

/** Maps of a block: so many in a row, so many rows. */
const ACROSS = 2;
const DOWN = 4;
export const SHOWN = ACROSS * DOWN;

export class BlockRow {
  element = element("div", { class: "cnn-blocks", role: "group", "aria-label": "Blocks" });
  /** @type {{button: HTMLElement, label: HTMLElement, note: HTMLElement, plot: PlotCanvas}[]} */
  #columns = [];
  #choose;

  /** @param {(layer: number) => void} choose a layer, counted from 1 */
  constructor(choose) {
    this.#choose = choose;
  }

  /**
   * @param {Layer[]} layers without the output
   * @param {number} chosen
   */
  place(layers, chosen) {
    while (this.#columns.length > layers.length) {
      const gone = this.#columns.pop();
      gone?.plot.close();
      gone?.button.remove();
    }
    while (this.#columns.length < layers.length) this.#add(this.#columns.length + 1);
    layers.forEach(({ label, output, kind }, i) => {
      const column = this.#columns[i];
      if (!column) return;
      say(column.label, label);
      say(column.note, output.join(" × "));
      column.button.dataset["kind"] = kind;
      column.button.setAttribute("aria-pressed", String(i + 1 === chosen));
    });
  }

  /** @param {Plot[]} plots of the feature maps: "layer1", "layer2", … */
  show(plots) {
    for (const plot of plots) {
      const [mark] = plot.marks;
      const column = this.#columns[Number(plot.id.slice("layer".length)) - 1];
      if (!plot.id.startsWith("layer") || !column || mark?.kind !== "images") continue;
      const columns = mark.values.shape[0] === 1 ? 1 : ACROSS;
      column.plot.draw({ ...plot, marks: [{ ...mark, columns }] });
    }
  }

  close() {
    for (const { plot } of this.#columns) plot.close();
    this.element.remove();
  }

  /** @param {number} layer */
  #add(layer) {
    const label = element("span", { class: "cnn-label" });
    const note = element("span", { class: "caption number" });
    const canvas = element("canvas", { class: "cnn-maps", "aria-hidden": "true" });
    const button = element("button", { type: "button", class: "cnn-block" }, label, note, canvas);
    button.addEventListener("click", () => this.#choose(layer));
    button.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const next = this.#columns[layer - 1 + by];
      if (!by || !next) return;
      event.preventDefault();
      event.stopPropagation();
      this.#choose(layer + by);
      next.button.focus();
    });
    this.element.append(button);
    this.#columns.push({ button, label, note, plot: new PlotCanvas(canvas) });
  }
}
