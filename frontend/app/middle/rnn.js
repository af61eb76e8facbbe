/**
 * The middle of recurrent networks: the sequence that is read, what is predicted at each step, and below
 * it, column under column, the unrolled states; or the gates, the gradient by lag, what it writes.
 */

import { effect } from "@preact/signals-core";
import { format } from "../marks/scales.js";
import { FormulaBar } from "../network/bar.js";
import { specOf } from "../panels/context.js";
import { element } from "../panels/element.js";
import { PictureView } from "../panels/picture.js";
import { Tabs } from "../panels/tabs.js";
import { chosen } from "./rnn-chosen.js";
import { Continuations } from "./rnn-continue.js";
import { Strip } from "./rnn-strip.js";
import { TryLine } from "./rnn-try.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Facts} Facts */
/** @typedef {import("../types/pictures.js").Picture} Picture */

const SLOW = 4;
const GOES_ON = ["characters", "waves"]; // data whose targets are what is read next
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
  #try = new TryLine();
  #strip = new Strip();
  #body = element("div", { class: "middle-body rnn-body" });
  #tabs = new Tabs("What is shown", (id) => this.#open(id));
  #gates = new Tabs("Which gate", (id) => this.#choose(id));
  #root;
  #bar;
  #open_ = "states";
  #gate = "";
  /** What stands in the body, and what the strip above is fed by. @type {{close: () => void}[]} */
  #views = [];
  /** @type {string[]} */
  #symbols = [];
  #shown = "";
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
        this.#try.element,
        element("div", { class: "rnn-tabs" }, this.#tabs.element, this.#gates.element),
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
        const { text, example } = chosen.value;
        for (const view of this.#views) if (view instanceof PictureView) view.set({ text, example });
      }),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#clear();
    this.#root.remove();
  }

  /** Another tab, or another run. */
  #draw() {
    const spec = specOf(this.#context) ?? this.#context.state.run.value?.spec;
    if (!spec) return;
    const cell = cellOf(spec.model);
    const gates = GATES[cell] ?? [];
    const tabs = [
      { id: "states", label: "States" },
      ...(gates.length ? [{ id: "gates", label: "Gates" }] : []),
      { id: "gradient_lag", label: "Gradient by lag" },
      ...(GOES_ON.includes(spec.data.kind) ? [{ id: "continuations", label: "Continuations" }] : []),
    ];
    if (!tabs.some(({ id }) => id === this.#open_)) this.#open_ = "states";
    if (!gates.includes(this.#gate)) this.#gate = "";
    this.#tabs.show(tabs, this.#open_);
    this.#gates.show(
      [{ id: "", label: "all" }, ...gates.map((id) => ({ id, label: id }))],
      this.#gate,
    );
    this.#gates.element.hidden = this.#open_ !== "gates";
    const width = spec.model["hidden"];
    this.#bar.show({ name: CELLS[cell], latex: LATEX[cell], facts: `${String(width)} units a layer` });
    const key = JSON.stringify([this.#open_, spec.data, cell, this.#gate]);
    if (key === this.#shown) return;
    const [, before] = JSON.parse(this.#shown || "[null, null]");
    this.#shown = key;
    // What was typed for one task may be nothing that another one knows.
    if (JSON.stringify(before) !== JSON.stringify(spec.data)) chosen.value = { text: null, example: 0 };
    this.#mount(this.#open_);
  }

  /** @param {string} id */
  #open(id) {
    this.#open_ = id;
    this.#draw();
  }

  /** @param {string} gate */
  #choose(gate) {
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
    const { text, example } = chosen.peek();
    const options = { text, example };
    const place = element("div", { class: "rnn-picture" });
    this.#try.element.hidden = id === "gradient_lag" || id === "continuations";
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
          arrange: unrolled,
          onPaint: ({ facts }) => this.#follow(facts),
          over: (view, plot) => plot === "h" && this.#strip.align(view),
        }),
      ];
    } else if (id === "gates") {
      const all = this.#gate === "";
      this.#body.append(place);
      this.#views = [
        new PictureView(place, context, {
          id: "middle",
          probe: "gates",
          options: all ? options : { ...options, gate: this.#gate, units: 64 },
          fit: true,
          columns: all ? 2 : 1,
          facts: false,
          legend: false,
          onPick: ({ plot }) => this.#choose(all ? plot : ""),
        }),
      ];
    } else if (id === "gradient_lag") {
      this.#body.append(place);
      this.#views = [
        new PictureView(place, context, {
          id: "middle",
          probe: "gradient_lag",
          options: { relative: true },
          fps: SLOW,
          fit: true,
          facts: reach,
        }),
      ];
    } else {
      this.#body.append(place);
      this.#views = [new Continuations(place, context, this.#symbols, example)];
    }
  }

  /** @param {Facts} facts of the states */
  #follow(facts) {
    const symbols = facts["symbols"];
    this.#symbols = Array.isArray(symbols) ? symbols.map(String) : [];
    this.#try.show(facts);
    this.#strip.show(facts);
  }
}

/**
 * Probabilities stand in the panel at the right; curves of real numbers stay below the states.
 * @param {Picture} picture
 * @returns {Picture}
 */
const unrolled = (picture) => ({
  ...picture,
  plots: picture.plots.filter(({ id, marks }) => id === "h" || marks[0]?.kind !== "matrix"),
});

/** @param {Facts} facts @returns {import("../panels/facts.js").Fact[]} */
function reach(facts) {
  const { at_end: end, lag } = facts;
  return typeof end === "number" ? [{ label: `Left after ${String(lag)} steps`, value: format(end) }] : [];
}

/** @param {import("../types/api.js").ModelSpec} model @returns {"rnn" | "lstm" | "gru"} */
function cellOf(model) {
  const { cell } = /** @type {{cell?: unknown}} */ (model);
  return cell === "rnn" || cell === "gru" ? cell : "lstm";
}
