/** The panel of exact linear regions: their number, by layer beside the bounds, and their places. */

import { effect } from "@preact/signals-core";

import { PlotCanvas } from "../marks/plot.js";
import { count } from "../marks/scales.js";
import { sentences } from "../stream/api-error.js";
import { fits } from "./context.js";
import { element, setText } from "./element.js";
import { FactsRow } from "./facts-row.js";
import { Incomplete } from "./incomplete.js";
import { LayerTable } from "./layer-table.js";
import { boundFact, cellsFact, regionsFact } from "./region-facts.js";
import { Tabs } from "./tabs.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Picture} Picture */

const FPS = 5;
const KINDS = [
  { id: "activation", label: "Activation regions" },
  { id: "linear", label: "Linear regions" },
];

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const panel = new Regions(host, context);
  return () => panel.close();
}

class Regions {
  #merge = false;
  #tabs = new Tabs("Which regions", (id) => this.#choose(id === "linear"));
  #facts = new FactsRow();
  #incomplete = new Incomplete();
  #table = new LayerTable();
  #canvas = element("canvas", { class: "map-canvas", role: "img", "aria-label": "Regions" });
  #euler = element("p", { class: "caption number" });
  #about = element("p", { class: "caption" });
  #message = element("p");
  #remedy = element("button", { type: "button", class: "button" });
  #refusal = element("div", { class: "panel-refusal", hidden: true }, this.#message, this.#remedy);
  #shown;
  #context;
  #plot;
  #watch;
  #stop;
  /** The activation that the button sets. @type {string | null} */
  #activation = null;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    this.#shown = element(
      "div",
      { class: "regions-shown" },
      element(
        "div",
        { class: "regions-map" },
        element("div", { class: "panel-bar" }, this.#tabs.element),
        this.#about,
        element("div", { class: "map" }, this.#canvas),
      ),
      element(
        "div",
        { class: "regions-numbers" },
        this.#facts.element,
        this.#incomplete.element,
        this.#table.element,
        this.#euler,
      ),
    );
    host.append(this.#shown, this.#refusal);
    this.#plot = new PlotCanvas(this.#canvas);
    this.#remedy.addEventListener("click", () => {
      if (this.#activation) void context.verbs.change("model.activation", this.#activation);
    });
    this.#watch = context.pictures.watch({
      id: "regions",
      probe: "regions",
      options: { merge: this.#merge },
      fps: FPS,
      host,
      paint: (picture) => this.#paint(picture),
      fail: (problem) => this.#showRefusal(sentences(problem)),
    });
    this.#choose(false);
    this.#stop = effect(() => this.#updateRemedy());
  }

  close() {
    this.#stop();
    this.#watch.close();
    this.#plot.close();
  }

  /** @param {boolean} merge */
  #choose(merge) {
    this.#merge = merge;
    this.#tabs.show(KINDS, merge ? "linear" : "activation");
    setText(
      this.#about,
      merge
        ? "Neighbouring cells with the same affine map are one linear region."
        : "In an activation region the same units are on. Each region is convex.",
    );
    this.#watch.set({ merge });
  }

  /** Offers a button that makes the network piecewise linear. */
  #updateRemedy() {
    const { catalogue, run } = this.#context.state;
    const rows = catalogue.value?.activations ?? [];
    // The first with a bend: a linear unit is also piecewise linear, with one piece.
    const row = rows.find(({ piecewise_linear, formula }) => piecewise_linear && formula !== "z");
    this.#activation = row?.kind ?? null;
    this.#remedy.hidden = !row;
    if (row) {
      setText(this.#remedy, `Use ${row.label}`);
      this.#remedy.setAttribute("data-tip", "Starts a new run with this activation in every layer.");
    }
    if (run.value && !fits(this.#context, "regions")) {
      this.#showRefusal(
        "Only a network with piecewise linear activations has linear regions. " +
          "An activation of this network is smooth.",
      );
    } else this.#hideRefusal();
  }

  /** @param {string} text */
  #showRefusal(text) {
    setText(this.#message, text);
    this.#refusal.hidden = false;
    this.#shown.hidden = true;
  }

  #hideRefusal() {
    this.#refusal.hidden = true;
    this.#shown.hidden = false;
  }

  /** @param {Picture} picture */
  #paint({ plots, facts }) {
    this.#hideRefusal();
    this.#incomplete.show(facts);
    this.#facts.show([cellsFact(facts), regionsFact(facts), boundFact(facts)]);
    this.#table.show(facts);
    const plot = plots[0];
    if (plot) this.#plot.draw(plot);
    const vertices = Number(facts.vertices);
    const edges = Number(facts.edges);
    const cells = Number(facts.activation_regions);
    const planar = plot?.equal ?? false;
    setText(
      this.#euler,
      planar
        ? `Euler: ${count(vertices)} vertices − ${count(edges)} edges + ${count(cells)} regions` +
            ` = ${count(vertices - edges + cells)}`
        : "",
    );
    this.#canvas.setAttribute(
      "aria-label",
      `${count(cells)} activation regions, ${count(Number(facts.linear_regions ?? NaN))} linear regions`,
    );
  }
}
