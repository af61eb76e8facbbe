/**
 * The picture of a perceptron at a stage of a step: each unit with its map, the example in it, and its value; beside
 * the units what flows into the present layer, product by product, or back into it, δ by δ.
 */

import { networkColors } from "../../../network/colors.js";
import { element, setText } from "../../../panels/element.js";
import { cellText } from "../../../panels/equation/numerals.js";
import { setFormula } from "../../../panels/equation/typeset.js";
import { objectiveOf } from "../../../panels/context.js";
import { onTheme, palette } from "../../../marks/colors.js";
import { watchSize } from "../../../marks/watch-size.js";
import * as walk from "../walk.js";
import { NumberChips } from "../number-chips.js";
import { chipsOf } from "./chips.js";
import { flowOf } from "./flow.js";
import { networkLayout } from "./layout.js";
import { Painting } from "./painting.js";

/** @typedef {import("../../../panels/context.js").Context} Context */
/** @typedef {import("../../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../../types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./layout.js").Layout} Layout */

const FPS = 3;
/** The largest number of shown units of a layer, as the fact `network` has them. */
const UNITS = 10;
/** The share of the window's height that the picture takes, and its bounds in CSS pixels of normal type. */
const HEIGHT = { share: 0.34, least: 190, most: 320 };

export class NetworkPicture {
  #edges = element("canvas", { class: "steps-net-edges", "aria-hidden": "true" });
  #maps = element("canvas", { class: "steps-net-maps", "aria-hidden": "true" });
  #cards = element("div", { class: "steps-net-cards" });
  #content = element("div", { class: "steps-net-content" }, this.#edges, this.#cards, this.#maps);
  element = element("section", { class: "steps-net", "aria-label": "The network with the numbers of this example", hidden: true }, this.#content);
  #painting = new Painting(this.#edges, this.#maps);
  #chips = new NumberChips("steps-net-chip");
  #context;
  #watches;
  #stops;
  #width = 0;
  #firsts = "[]";
  /** @type {GraphMark | null} */
  #graph = null;
  /** @type {Picture | null} */
  #picture = null;
  /** @type {Map<string, {button: HTMLElement, symbol: HTMLElement, name: HTMLElement, value: HTMLElement}>} */
  #units = new Map();
  #coarse = matchMedia("(pointer: coarse), (max-width: 760px)");

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    const { pictures } = context;
    const watch = (/** @type {string} */ probe, /** @type {(picture: Picture) => void} */ paint) =>
      pictures.watch({ id: `steps-${probe}`, probe, options: { units: UNITS }, fps: FPS, host: this.element, paint, fail: () => {} });
    this.#watches = [
      watch("network", ({ plots }) => {
        const mark = plots[0]?.marks[0];
        this.#graph = mark?.kind === "graph" ? mark : null;
        this.#draw();
      }),
      watch("neurons", (picture) => {
        this.#painting.setMaps(picture, objectiveOf(context)?.shows === "probability");
        this.#draw();
      }),
    ];
    this.#stops = [
      watchSize(this.element, ({ width }) => {
        if (Math.round(width) === this.#width) return;
        this.#width = Math.round(width);
        this.#draw();
      }),
      onTheme(() => this.#draw()),
    ];
    this.#content.append(this.#chips.element);
  }

  close() {
    for (const watch of this.#watches) watch.close();
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  /** @param {Picture} picture of a stage */
  show(picture) {
    this.#picture = picture;
    const flow = flowOf(picture, walk.entryNow());
    this.element.hidden = flow === null;
    if (!flow) return;
    const firsts = JSON.stringify(flow.units.first);
    if (firsts !== this.#firsts) {
      this.#firsts = firsts;
      for (const watch of this.#watches) watch.set({ units: UNITS, first: flow.units.first });
    }
    this.#draw();
  }

  #draw() {
    const picture = this.#picture;
    const flow = picture && flowOf(picture, walk.entryNow());
    if (!flow || this.#width < 24) return;
    const { scale } = palette();
    const high = Math.min(HEIGHT.most, Math.max(HEIGHT.least, (HEIGHT.share * innerHeight) / scale)) * scale;
    const room = { width: this.#width, height: high, scale, coarse: this.#coarse.matches };
    const layout = networkLayout(flow.units.values.map((values) => values.length), room, flow.focus);
    this.#content.style.width = `${layout.width}px`;
    this.#content.style.height = `${layout.height}px`;
    this.#showUnits(flow, layout);
    const graph = this.#graph && fits(this.#graph, flow) ? this.#graph : null;
    this.#chips.show(chipsOf(flow, layout, graph));
    const x = /** @type {number[] | undefined} */ (picture.facts["x"]);
    this.#painting.paint({ flow, layout, graph, point: x ?? null, colors: networkColors() });
    this.#reveal(flow, layout);
  }

  /** @param {Flow} flow @param {Layout} layout */
  #showUnits(flow, layout) {
    const { units, focus, known, row, column } = flow;
    const names = this.#names();
    /** @type {Set<string>} */
    const present = new Set();
    units.values.forEach((values, layer) => {
      const first = units.first[layer] ?? 0;
      const last = layer === units.values.length - 1;
      const place = layout.columns[layer];
      if (!place) return;
      this.#showHead(layer, place, names[layer] ?? ["", ""], flow.present === layer, present);
      values.forEach((value, i) => {
        const unit = first + i;
        const { button, symbol, name: said, value: text } = this.#unit(layer, unit, present);
        const here = focus.layer === layer && unit === row;
        const before = focus.layer === layer + 1 && focus.way !== "forward" && unit === column;
        const later = layer > known;
        button.dataset["state"] = here ? "chosen" : before ? "before" : later ? "later" : "";
        const { style } = button;
        style.left = `${place.left}px`;
        style.top = `${(place.middles[i] ?? 0) - layout.card.height / 2}px`;
        style.width = `${layout.card.width}px`;
        style.height = `${layout.card.height}px`;
        const number = last && units.predicted ? (units.predicted[i] ?? NaN) : (value ?? NaN);
        const latex = last ? outputName(units.predicted !== null, unit, flow) : layer === 0 ? "" : `h^{(${layer})}_{${unit + 1}}`;
        symbol.hidden = !layout.named;
        if (layout.named) {
          if (layer === 0) setText(symbol, this.#graph?.layers[0]?.units[i] ?? "");
          else setFormula(symbol, latex);
        }
        setText(text, later ? "" : cellText(number));
        setText(said, `${names[layer]?.[0] ?? ""}, unit ${unit + 1}${later ? ", not computed yet" : ": "}`);
      });
    });
    for (const [key, { button }] of this.#units) {
      if (present.has(key)) continue;
      button.remove();
      this.#units.delete(key);
    }
  }

  /** Titles and notes of the layers. @returns {[string, string][]} */
  #names() {
    const layers = this.#graph?.layers ?? [];
    const rows = this.#context.state.catalogue.peek()?.activations ?? [];
    const link = objectiveOf(this.#context)?.link.label ?? "";
    return layers.map(({ total, first, units, activation }, layer) => {
      const end = layer === layers.length - 1;
      const title = layer === 0 ? "Input" : end ? "Output" : `Layer ${layer}`;
      const applied = end ? link : (rows.find((one) => one.kind === activation)?.label ?? activation);
      const what = layer === 0 ? "feature" : "unit";
      const some = units.length < total ? `${first + 1} to ${first + units.length} of ` : "";
      return [title, [`${some}${total} ${what}${total === 1 ? "" : "s"}`, applied].filter(Boolean).join(", ")];
    });
  }

  /** @param {number} layer @param {import("./layout.js").Column} place @param {[string, string]} names @param {boolean} here
   * @param {Set<string>} present */
  #showHead(layer, place, [title, note], here, present) {
    const { button, symbol, value } = this.#unit(layer, -1, present);
    setText(symbol, title);
    setText(value, note);
    button.classList.toggle("present", here);
    button.style.left = `${(place.left + place.right) / 2}px`;
  }

  /** A unit's button, or the head of a layer, which is unit −1. @param {number} layer @param {number} unit
   * @param {Set<string>} present */
  #unit(layer, unit, present) {
    const key = `${layer}.${unit}`;
    present.add(key);
    const found = this.#units.get(key);
    if (found) return found;
    const head = unit < 0;
    const symbol = element("span", { class: head ? "steps-net-title" : "steps-net-symbol", "aria-hidden": head ? false : "true" });
    const name = element("span", { class: "unseen" });
    const value = element("span", { class: head ? "caption" : "steps-net-value number" });
    const place = { class: head ? "steps-net-head" : "steps-net-unit", type: !head && "button" };
    const button = element(head ? "div" : "button", place, symbol, name, value);
    if (!head) button.addEventListener("click", () => this.#choose(layer, unit));
    this.#cards.append(button);
    const made = { button, symbol, name, value };
    this.#units.set(key, made);
    return made;
  }

  /** Works out a unit: of the present layer at once, of another at its own stage. @param {number} layer @param {number} unit */
  #choose(layer, unit) {
    const flow = this.#picture && flowOf(this.#picture, walk.entryNow());
    if (!flow) return;
    const { focus, units } = flow;
    const { row } = walk.entryNow();
    if (focus.way !== "forward" && focus.layer === layer + 1) walk.entry.value = { row, column: unit };
    else {
      walk.entry.value = { ...walk.entryNow(), row: unit };
      const last = units.values.length - 1;
      const name = focus.way === "backward" && layer > 0 ? `delta${layer}` : layer === 0 ? "input" : layer === last ? "output" : `layer${layer}`;
      if (focus.way !== "update") walk.goTo(name);
    }
  }

  /** Scrolls a wide network to the present layer. @param {Flow} flow @param {Layout} layout */
  #reveal({ focus, known }, { columns }) {
    const place = columns[focus.layer ?? known];
    const before = columns[(focus.layer ?? known) - 1] ?? place;
    if (!place || !before) return;
    const { scrollLeft, clientWidth } = this.element;
    const left = before.left - 16;
    const right = place.right + 120;
    if (left < scrollLeft || right > scrollLeft + clientWidth) {
      this.element.scrollLeft = Math.min(left, Math.max(0, (left + right - clientWidth) / 2));
    }
  }
}

/** Whether a graph shows the same units as a stage. @param {GraphMark} graph @param {Flow} flow */
function fits({ layers }, { units }) {
  return (
    layers.length === units.values.length &&
    layers.every(({ first, units: shown }, layer) => first === units.first[layer] && shown.length === units.values[layer]?.length)
  );
}

/** @param {boolean} predicted @param {number} unit @param {Flow} flow */
function outputName(predicted, unit, { units }) {
  const one = units.values.at(-1)?.length === 1;
  return `${predicted ? "p" : "\\theta"}${one ? "" : `_{${unit + 1}}`}`;
}
