/**
 * The main view of transformers: a sequence to type with its predictions, and below it the attention of
 * every head of every layer. A click on a head shows its Q, K, V and scores at the right. A model
 * that reads its own output has a tab with continuations.
 */

import { SMALL } from "../../media.js";
import { palette } from "../../marks/colors.js";
import { watchSize } from "../../marks/watch-size.js";
import { effect } from "@preact/signals-core";
import { FormulaBar } from "../../network/formula-bar.js";
import { fits, specOf } from "../../panels/context.js";
import { element } from "../../panels/element.js";
import { missingOf } from "../../panels/incomplete.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { sentences } from "../../stream/api-error.js";
import { selectedSequence, updateTask } from "../sequences/selected-sequence.js";
import { Continuations } from "../sequences/continuations.js";
import { SequenceStrip } from "../sequences/sequence-strip.js";
import { SequenceInput } from "../sequences/sequence-input.js";
import { selectedHead, allLayersFit, headHeading, headsInRow, transformerSize, clampHead } from "./selected-head.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

const TABS = [
  { id: "attention", label: "Attention" },
  { id: "continuations", label: "Continuations" },
];
const NOTE = "rows: queries, columns: keys; click a head for its Q, K, V and scores";
/** The height of the title and the legend around the maps, in CSS pixels at normal type. */
const AROUND = 78;

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
  #body = element("div", { class: "middle-body transformer-body" });
  #problem = element("p", { class: "problem", role: "status", hidden: true });
  #tabs = new Tabs("What is shown", (id) => {
    this.#open = id;
    this.#arrange();
  });
  /** The elements of the sequence and its predictions, while they are shown. */
  #reading = element(
    "div",
    { class: "transformer-sequence" },
    this.#sequenceInput.element,
    this.#problem,
    this.#strip.element,
  );
  #root;
  #bar;
  #layers = new Tabs("Which layer", (id) => {
    selectedHead.value = { ...selectedHead.peek(), layer: Number(id) };
  });
  #layerChoice = element("div", { class: "transformer-layers", hidden: true }, element("span", { class: "caption" }, "Layer"), this.#layers.element);
  /** Whether there is room for one layer only. */
  #narrow = false;
  #room = { width: 0, height: 0 };
  #open = "attention";
  #shown = "";
  /** @type {Facts} */
  #facts = {};
  /** @type {PictureView | Continuations | null} */
  #view = null;
  #watch;
  #stops;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    const formula = element("div", {});
    this.#bar = new FormulaBar(formula);
    const tabs = element("div", { class: "transformer-tabs" }, this.#tabs.element, this.#layerChoice);
    const top = element("header", { class: "transformer-head" }, tabs, this.#reading);
    this.#root = element("div", { class: "middle transformer" }, top, this.#body, formula);
    host.append(this.#root);
    this.#watch = context.pictures.watch({
      id: "tokens",
      probe: "tokens",
      options: { ...selectedSequence.peek() },
      host: this.#reading,
      paint: ({ facts }) => {
        const missing = missingOf(facts);
        this.#problem.textContent = missing;
        this.#problem.hidden = !missing;
        this.#strip.show(facts);
      },
      fail: (problem) => {
        this.#problem.textContent = sentences(problem);
        this.#problem.hidden = false;
      },
    });
    this.#stops = [
      watchSize(this.#body, (room) => {
        this.#room = room;
        this.#updateHead();
      }),
      effect(() => {
        const spec = specOf(context) ?? context.state.run.value?.spec;
        if (spec) updateTask(spec);
        this.#arrange();
      }),
      effect(() => {
        const options = { ...selectedSequence.value };
        this.#watch.set(options);
        if (this.#view instanceof PictureView) this.#view.set(options);
      }),
      effect(() => {
        void selectedHead.value;
        this.#updateHead();
      }),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#watch.close();
    this.#view?.close();
    this.#root.remove();
  }

  /** Arranges the grid of heads, a layer a row; or the continuations. */
  #arrange() {
    const spec = specOf(this.#context) ?? this.#context.state.run.value?.spec;
    if (!spec) return;
    const writes = fits(this.#context, "continuations");
    const open = writes ? this.#open : "attention";
    const { heads } = transformerSize(spec);
    this.#tabs.element.hidden = !writes;
    this.#tabs.show(TABS, open);
    this.#reading.hidden = open !== "attention";
    const key = JSON.stringify([open, heads]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#view?.close();
    if (open === "continuations") {
      this.#view = new Continuations(this.#body, this.#context, true);
      return;
    }
    // On a phone the page scrolls, so that the maps are as high as their columns allow.
    const narrow = matchMedia(SMALL).matches;
    this.#view = new PictureView(this.#body, this.#context, {
      id: "middle",
      probe: "attention",
      options: { ...selectedSequence.peek() },
      title: "Attention by layer and head",
      note: NOTE,
      legible: true,
      columns: headsInRow(heads, narrow),
      fit: !narrow,
      facts: false,
      arrange: withoutOutlines,
      heading: headHeading,
      onPaint: ({ facts }) => this.#follow(facts),
      onPick: ({ plot }) => {
        const [layer = 0, number = 1] = plot.split(".").map(Number);
        selectedHead.value = { layer, head: number };
      },
    });
    this.#updateHead();
  }

  /** @param {Facts} facts of the attention */
  #follow(facts) {
    this.#facts = facts;
    this.#sequenceInput.show(facts, facts["source"]);
    const names = Array.from({ length: Number(facts["layers"] ?? 1) }, (_, i) => String(i + 1));
    const [first = ""] = Object.keys(facts["entropy"] ?? {});
    this.#layers.show(names.map((id) => ({ id, label: id })), first.split(".")[0] ?? "");
    this.#updateHead();
  }

  /** Whether there is room for the heads of all layers: a phone scrolls. @param {{depth: number, heads: number}} size */
  #hasRoom(size) {
    const { width, height } = this.#room;
    if (width === 0 || matchMedia(SMALL).matches) return true;
    const { scale } = palette();
    return allLayersFit(size, { width, height: height - AROUND * scale }, scale);
  }

  /** Frames the chosen head and describes it; requests only its layer if there is room for one only. */
  #updateHead() {
    const size = transformerSize(specOf(this.#context) ?? this.#context.state.run.peek()?.spec);
    const { layer, head: number } = clampHead(selectedHead.peek(), size);
    const name = `${layer}.${number}`;
    this.#narrow = this.#facts["room_for_all"] === false || !this.#hasRoom(size);
    this.#layerChoice.hidden = !this.#narrow || this.#reading.hidden;
    if (this.#view instanceof PictureView) this.#view.set({ layer: this.#narrow ? layer : null });
    if (this.#view instanceof PictureView) this.#view.choose({ plot: name });
    const { d } = this.#facts;
    this.#bar.show({
      name: `Layer ${layer}, head ${number}`,
      latex: String.raw`A=\operatorname{softmax}\bigl(QK^\top\!/\sqrt{${d ?? "d"}}\bigr)`,
      facts: entropyText(this.#facts, name),
    });
  }
}

/**
 * Leaves out the ideal pattern, which the panel of the head shows; here it would hide the learnt one.
 * @param {Picture} picture
 * @returns {Picture}
 */
const withoutOutlines = (picture) => ({
  ...picture,
  plots: picture.plots.map((plot) => ({
    ...plot,
    marks: plot.marks.map((mark) =>
      mark.kind === "matrix" ? { ...mark, outlined: null, rows: "", columns: "" } : mark,
    ),
  })),
});

/**
 * @param {Facts} facts
 * @param {string} name of a head
 */
function entropyText(facts, name) {
  const entropy = numberOf(facts["entropy"], name);
  const most = facts["entropy_most"];
  if (entropy === null || typeof most !== "number") return "";
  return `entropy ${entropy.toFixed(2)} of at most ${most.toFixed(2)} nats`;
}

/** @param {unknown} fact @param {string} name @returns {number | null} */
function numberOf(fact, name) {
  const value = /** @type {{[name: string]: unknown} | undefined} */ (fact)?.[name];
  return typeof value === "number" ? value : null;
}
