/** Shows the blocks in the order in which an image passes them, each a button with its first maps. */

import { SHORT_SCREEN } from "../../media.js";
import { effect, signal } from "@preact/signals-core";
import { onTheme, palette } from "../../marks/colors.js";
import { PlotCanvas } from "../../marks/plot.js";
import { watchSize } from "../../marks/watch-size.js";
import { element, setText } from "../../panels/element.js";
import { blockLayout } from "./block-layout.js";

/** @typedef {import("../../types/api.js").Layer} Layer */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

/** The move of an arrow key, in blocks and in rows of blocks. @type {Map<string, [number, number]>} */
const ARROWS = new Map([
  ["ArrowRight", [1, 0]],
  ["ArrowLeft", [-1, 0]],
  ["ArrowDown", [0, 1]],
  ["ArrowUp", [0, -1]],
]);
/** A row cut off below by at most this is not reported, in CSS pixels. */
const SCROLL_TOLERANCE = 6;

export class BlockRow {
  #grid = element("div", { class: "cnn-blocks", role: "group", "aria-label": "Blocks" });
  element = element("div", { class: "cnn-blocks-place" }, this.#grid);
  /** The arrangement of the blocks; `across * down` maps of each are requested. */
  layout = signal(blockLayout(1, 0, 1, false));
  /** @type {{button: HTMLElement, label: HTMLElement, note: HTMLElement, plot: PlotCanvas}[]} */
  #columns = [];
  #width = 0;
  #choose;
  #stops;

  /** @param {(layer: number) => void} choose a layer, counted from 1 */
  constructor(choose) {
    this.#choose = choose;
    const resized = () => {
      this.#width = this.#grid.clientWidth;
      this.#arrange();
    };
    this.#grid.addEventListener("scroll", () => this.#updateMore(), { passive: true });
    this.#stops = [
      watchSize(this.element, resized),
      watchSize(this.#grid, resized),
      onTheme(() => this.#arrange()),
      effect(() => {
        const { columns, across, down } = this.layout.value;
        this.#grid.style.setProperty("--columns", String(columns));
        this.#grid.dataset["maps"] = `${across}x${down}`;
      }),
    ];
  }

  /**
   * @param {Layer[]} layers without the output
   * @param {number} chosen
   */
  setLayers(layers, chosen) {
    while (this.#columns.length > layers.length) {
      const removed = this.#columns.pop();
      removed?.plot.close();
      removed?.button.remove();
    }
    while (this.#columns.length < layers.length) this.#add(this.#columns.length + 1);
    layers.forEach(({ label, output, kind }, i) => {
      const column = this.#columns[i];
      if (!column) return;
      setText(column.label, label);
      setText(column.note, output.join(" × "));
      column.button.dataset["kind"] = kind;
      column.button.setAttribute("aria-pressed", String(i + 1 === chosen));
    });
    this.#arrange();
  }

  /** @param {Plot[]} plots of the feature maps: "layer1", "layer2", … */
  setMaps(plots) {
    const { across } = this.layout.peek();
    for (const plot of plots) {
      const [mark] = plot.marks;
      const column = this.#columns[Number(plot.id.slice("layer".length)) - 1];
      if (!plot.id.startsWith("layer") || !column || mark?.kind !== "images") continue;
      const columns = mark.values.shape[0] === 1 ? 1 : across;
      column.plot.draw({ ...plot, marks: [{ ...mark, columns }] });
    }
  }

  close() {
    for (const stop of this.#stops) stop();
    for (const { plot } of this.#columns) plot.close();
    this.element.remove();
  }

  #arrange() {
    const next = blockLayout(this.#columns.length, this.#width, palette().scale, matchMedia(SHORT_SCREEN).matches);
    if (JSON.stringify(next) !== JSON.stringify(this.layout.peek())) this.layout.value = next;
    this.#updateMore();
  }

  /** Reports whether there are more blocks below. */
  #updateMore() {
    const { scrollHeight, scrollTop, clientHeight } = this.#grid;
    this.element.toggleAttribute("data-more", scrollHeight - scrollTop - clientHeight > SCROLL_TOLERANCE);
  }

  /** @param {number} layer */
  #add(layer) {
    const label = element("span", { class: "cnn-label" });
    const note = element("span", { class: "caption number" });
    const canvas = element("canvas", { class: "cnn-maps", "aria-hidden": "true" });
    const button = element("button", { type: "button", class: "cnn-block" }, label, note, canvas);
    button.addEventListener("click", () => this.#choose(layer));
    button.addEventListener("keydown", (event) => {
      const [across, down] = ARROWS.get(event.key) ?? [0, 0];
      const by = across + down * this.layout.peek().columns;
      const next = this.#columns[layer - 1 + by];
      if (!by || !next) return;
      event.preventDefault();
      event.stopPropagation();
      this.#choose(layer + by);
      next.button.focus();
    });
    this.#grid.append(button);
    this.#columns.push({ button, label, note, plot: new PlotCanvas(canvas) });
  }
}
