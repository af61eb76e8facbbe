/**
 * The main view of recurrent networks: the input sequence, the prediction at each step, and below it,
 * column under column, the unrolled states; or the gates, the gradient by lag, the continuations.
 */

import { SMALL } from "../../media.js";
import { effect } from "@preact/signals-core";
import { FormulaBar } from "../../network/formula-bar.js";
import { fits, specOf } from "../../panels/context.js";
import { element } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { selectedSequence, updateTask } from "../sequences/selected-sequence.js";
import { Continuations } from "../sequences/continuations.js";
import { GradientLag } from "./gradient-lag.js";
import { SequenceStrip } from "../sequences/sequence-strip.js";
import { SequenceInput } from "../sequences/sequence-input.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

const REAL_DATA = ["addition", "waves"]; // data of real numbers
const LATEX = {
  rnn: String.raw`h_t=\sigma(W_x x_t+W_h h_{t-1}+b)`,
  lstm: String.raw`C_t=f_t\odot C_{t-1}+i_t\odot\tilde C_t,\quad h_t=o_t\odot\tanh C_t`,
  gru: String.raw`h_t=(1-z_t)\odot n_t+z_t\odot h_{t-1}`,
};
const CELLS = { rnn: "Plain cell", lstm: "LSTM", gru: "GRU" };
/** @type {{[cell: string]: string[]}} */
const GATES = { rnn: [], lstm: ["f", "i", "C̃", "C", "o", "h"], gru: ["r", "z", "n", "h"] };

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const middle = new Middle(host, context);
  return () => middle.close();
}

class Middle {
  #context;
  #sequenceInput = new SequenceInput();
  #strip = new SequenceStrip();
  #body = element("div", { class: "middle-body rnn-body" });
  #tabs = new Tabs("What is shown", (id) => this.#open(id));
  #layers = new Tabs("Which layer", (id) => {
    this.#layer = Number(id);
    this.#draw();
  });
  #layerChoice = element("div", { class: "rnn-layers" }, element("span", { class: "caption" }, "Layer"), this.#layers.element);
  #gates = new Tabs("Which gate", (id) => this.#chooseGate(id));
  #root;
  #bar;
  #tab = "states";
  #gate = "";
  /** The chosen layer, counted from 1; 0 is the last. */
  #layer = 0;
  /** The views in the body, and the watch that feeds the strip above. @type {{close: () => void}[]} */
  #views = [];
  #shown = "";
  #isReal = false;
  #stops;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    const formula = element("div", {});
    this.#bar = new FormulaBar(formula);
    this.#root = element(
      "div",
      { class: "middle rnn" },
      element(
        "header",
        { class: "rnn-head" },
        this.#sequenceInput.element,
        element("div", { class: "rnn-tabs" }, this.#tabs.element, this.#layerChoice, this.#gates.element),
      ),
      this.#body,
      formula,
    );
    host.append(this.#root);
    this.#stops = [
      effect(() => {
        void context.state.catalogue.value;
        this.#draw();
      }),
      effect(() => {
        const { text, example } = selectedSequence.value;
        for (const view of this.#views) {
          if (view instanceof PictureView) view.set({ text, example });
          if (view instanceof Continuations && this.#isReal) view.setExample(example);
        }
      }),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#clear();
    this.#root.remove();
  }

  /** Rebuilds the body for another tab or run. */
  #draw() {
    const spec = specOf(this.#context) ?? this.#context.state.run.value?.spec;
    if (spec?.model.kind !== "rnn") return;
    updateTask(spec);
    this.#isReal = REAL_DATA.includes(spec.data.kind);
    const { cell, hidden: width, depth: layers } = spec.model;
    const gates = GATES[cell] ?? [];
    const tabs = [
      { id: "states", label: "States" },
      ...(gates.length ? [{ id: "gates", label: "Gates" }] : []),
      { id: "gradient_lag", label: "Gradient by lag" },
      ...(fits(this.#context, "continuations")
        ? [{ id: "continuations", label: this.#isReal ? "Forecast" : "Continuations" }] : []),
    ];
    if (!tabs.some(({ id }) => id === this.#tab)) this.#tab = "states";
    if (!gates.includes(this.#gate)) this.#gate = "";
    this.#tabs.show(tabs, this.#tab);
    this.#gates.show(
      [{ id: "", label: "all" }, ...gates.map((id) => ({ id, label: id }))],
      this.#gate,
    );
    this.#gates.element.hidden = this.#tab !== "gates";
    if (this.#layer > layers) this.#layer = 0;
    const names = Array.from({ length: layers }, (_, i) => String(i + 1));
    this.#layers.show(names.map((id) => ({ id, label: id })), String(this.#layer || layers));
    this.#layerChoice.hidden = layers === 1 || this.#tab === "continuations";
    this.#bar.show({ name: CELLS[cell], latex: LATEX[cell], facts: `${width} units a layer` });
    const key = JSON.stringify([this.#tab, spec.data, cell, this.#gate, this.#layer]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#mount(this.#tab);
  }

  /** @param {string} id */
  #open(id) {
    this.#tab = id;
    this.#draw();
  }

  /** @param {string} gate */
  #chooseGate(gate) {
    this.#gate = gate;
    this.#draw();
  }

  #clear() {
    for (const view of this.#views) view.close();
    this.#views = [];
    this.#body.replaceChildren();
  }

  /** @param {string} id */
  #mount(id) {
    this.#clear();
    const context = this.#context;
    const { text, example } = selectedSequence.peek();
    const options = { text, example, ...(this.#layer && { layer: this.#layer }) };
    const place = element("div", { class: "rnn-picture" });
    // A text is continued from a typed beginning; for numbers, a test sequence is forecast.
    this.#sequenceInput.element.hidden = id === "gradient_lag" || (id === "continuations" && !this.#isReal);
    this.#sequenceInput.setTyping(id !== "continuations");
    if (id === "states") {
      this.#body.append(this.#strip.element, place);
      this.#views = [
        new PictureView(place, context, {
          id: "middle",
          probe: "states",
          options,
          fit: true,
          columns: 1,
          facts: false,
          arrange: withoutProbabilities,
          onPaint: ({ facts }) => this.#follow(facts),
          over: (view, plot) => plot === "h" && this.#strip.align(view),
        }),
      ];
    } else if (id === "gates") {
      const all = this.#gate === "";
      // A single gate has room for the sequence over its columns.
      this.#body.append(...(all ? [] : [this.#strip.element]), place);
      this.#views = [
        new PictureView(place, context, {
          id: "middle",
          probe: "gates",
          options: all ? options : { ...options, gate: this.#gate, units: 64 },
          fit: true,
          columns: all ? 2 : 1,
          arrange: (picture) => (all && matchMedia(SMALL).matches ? withShortNotes(picture) : picture),
          facts: false,
          legend: false,
          onPaint: ({ facts }) => this.#follow(facts),
          over: (view) => !all && this.#strip.align(view),
          onPick: ({ plot }) => this.#chooseGate(all ? plot : ""),
        }),
      ];
    } else if (id === "gradient_lag") {
      this.#views = [new GradientLag(this.#body, context, this.#layer || null)];
    } else {
      this.#views = [new Continuations(this.#body, context, !this.#isReal)];
    }
  }

  /** @param {Facts} facts of the states or gates */
  #follow(facts) {
    this.#sequenceInput.show(facts);
    this.#strip.show(facts);
  }
}

/**
 * Leaves out probabilities, which are in the panel at the right; curves of real numbers stay.
 * @param {Picture} picture
 * @returns {Picture}
 */
const withoutProbabilities = (picture) => ({
  ...picture,
  plots: picture.plots.filter(({ id, marks }) => id === "h" || marks[0]?.kind !== "matrix"),
});

/**
 * Shortens the notes to the ends of the colours: beside a gate's name there is no room for more.
 * @param {Picture} picture
 * @returns {Picture}
 */
const withShortNotes = (picture) => ({
  ...picture,
  plots: picture.plots.map((plot) => ({ ...plot, note: plot.note.split(",")[0] ?? "" })),
});
