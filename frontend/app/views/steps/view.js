/**
 * Step by step: one step of training, stage by stage. At each stage the equations of the probe `step_by_step` stand
 * in the middle with their numbers; the example, the checks and the charts beside them.
 */

import { effect } from "@preact/signals-core";
import { palette, onTheme } from "../../marks/colors.js";
import { plotSize } from "../../marks/plot-size.js";
import { watchSize } from "../../marks/watch-size.js";
import { element, setText } from "../../panels/element.js";
import { EquationView } from "../../panels/equation/equation-view.js";
import { setMixed } from "../../panels/equation/typeset.js";
import { PlotFigure } from "../../panels/figure.js";
import { Incomplete } from "../../panels/incomplete.js";
import { sentences } from "../../stream/api-error.js";
import { leaveTab } from "../view-tabs.js";
import { AblationNote } from "./ablation.js";
import { AttentionPicture } from "./attention/picture.js";
import { CellPicture } from "./cell/picture.js";
import { Checks } from "./checks.js";
import { ExampleCard } from "./example-card.js";
import { ExampleMap } from "./example-map.js";
import { HeadsPanel } from "./heads.js";
import { isOfHeads } from "./heads-facts.js";
import { NetworkPicture } from "./network/picture.js";
import { Others } from "./others.js";
import { SamplingControls, isOfSampling } from "./sampling-controls.js";
import { StageBar } from "./stage-bar.js";
import { titleOf } from "./stage-sections.js";
import { UpdateTable } from "./update-table.js";
import * as walk from "./walk.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

/** While training, numbers that change more often could not be read. */
const FPS = 3;
/** The largest height of a chart, in CSS pixels of normal type. */
const CHART = 190;
/** The side of a chart in the middle. */
const WIDE = 330;

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const view = new StepView(host, context);
  return () => view.close();
}

class StepView {
  #bar = new StageBar(leaveTab);
  #title = element("h2", { class: "steps-title" });
  #message = element("p", { class: "picture-message", role: "status" }, "Waiting for the first stage.");
  #incomplete = new Incomplete();
  #equations = element("div", { class: "steps-equations" });
  #update;
  #example = new ExampleCard();
  #network;
  #cell = new CellPicture();
  #map;
  #checks = new Checks();
  #others = new Others();
  #attention = new AttentionPicture(this.#equations);
  #ablation = new AblationNote();
  #heads = new HeadsPanel();
  #sampling = new SamplingControls();
  #charts = element("section", { class: "steps-part steps-charts", "aria-label": "Charts" });
  #main;
  #side;
  #root;
  /** @type {EquationView[]} */
  #views = [];
  /** @type {PlotFigure[]} */
  #figures = [];
  /** @type {Picture | null} */
  #picture = null;
  #width = 0;
  #context;
  #watch;
  #stops;

  /** @param {HTMLElement} host @param {Context} context */
  constructor(host, context) {
    this.#context = context;
    this.#update = new UpdateTable((name) => (walk.parameter.value = name));
    this.#network = new NetworkPicture(context);
    this.#map = new ExampleMap(context);
    this.#main = element(
      "div",
      { class: "steps-main" },
      element("header", { class: "steps-head" }, this.#title),
      this.#message,
      this.#ablation.element,
      this.#others.element,
      this.#sampling.element,
      this.#network.element,
      this.#attention.element,
      this.#cell.element,
      this.#update.element,
      this.#equations,
      this.#incomplete.element,
    );
    this.#side = element("div", { class: "steps-side" }, this.#heads.element, this.#example.element, this.#map.element, ...this.#cell.beside, this.#checks.element, this.#charts);
    this.#root = element("div", { class: "steps" }, this.#bar.element, this.#main, this.#side);
    host.append(this.#root);
    for (const part of [this.#update, this.#checks, this.#example]) part.element.hidden = true;
    this.#charts.hidden = true;
    this.#watch = context.pictures.watch({
      id: walk.PROBE,
      probe: walk.PROBE,
      options: walk.options.peek(),
      fps: FPS,
      host: this.#root,
      paint: (picture) => this.#paint(picture),
      fail: (problem) => {
        // Another run may not have what was chosen.
        if (!walk.takeBack(problem.path)) this.#refuse(sentences(problem));
      },
    });
    this.#stops = [
      effect(() => this.#watch.set(walk.options.value)),
      effect(() => this.#await(walk.stage.value)),
      watchSize(this.#charts, ({ width }) => {
        if (Math.round(width) === this.#width) return;
        this.#width = Math.round(width);
        this.#drawCharts();
      }),
      onTheme(() => this.#drawCharts()),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#watch.close();
    this.#bar.close();
    this.#network.close();
    this.#cell.close();
    this.#map.close();
    this.#attention.close();
    this.#example.close();
    this.#heads.close();
    this.#others.lines.close();
    for (const one of [...this.#views, ...this.#figures]) one.close();
    this.#root.remove();
  }

  /** @param {string} text */
  #refuse(text) {
    setText(this.#message, text);
    this.#message.hidden = false;
    // Whatever stands there is of another stage.
    this.#root.classList.add("refused");
    this.#root.setAttribute("aria-busy", "false");
    const stages = walk.stages.peek();
    const wanted = stages.find(({ id }) => id === walk.stage.peek());
    setMixed(this.#title, wanted ? titleOf(wanted, stages) : "");
  }

  /** Says that the shown numbers are those of the stage before. @param {string | null} wanted */
  #await(wanted) {
    const waits = wanted !== null && this.#picture !== null && this.#picture.facts["stage"] !== wanted;
    this.#root.setAttribute("aria-busy", String(waits));
  }

  /** @param {Picture} picture */
  #paint(picture) {
    const before = this.#picture?.facts["stage"];
    const { facts, plots } = (this.#picture = this.#attention.show(picture));
    const stages = /** @type {walk.Stage[]} */ (/** @type {unknown} */ (facts["stages"] ?? []));
    if (JSON.stringify(stages) !== JSON.stringify(walk.stages.peek())) walk.stages.value = stages;
    walk.stage.value ??= String(facts["stage"]);
    this.#await(walk.stage.peek());
    this.#message.hidden = true;
    this.#root.classList.remove("refused");
    const stage = stages.find(({ id }) => id === facts["stage"]);
    setMixed(this.#title, stage ? titleOf(stage, stages) : "");
    this.#ablation.show(facts, stage?.group);
    this.#others.show(facts);
    this.#others.lines.show(picture);
    this.#heads.show(picture);
    this.#sampling.show(picture);
    this.#network.show(picture);
    this.#cell.show(facts);
    this.#map.show(picture);
    this.#showEquations(plots);
    const { catalogue, run } = this.#context.state;
    const kind = run.peek()?.spec_in_force.optimizer.kind;
    const optimizer = catalogue.peek()?.optimizers.find((row) => row.kind === kind)?.label ?? "the optimizer";
    this.#update.show(facts, optimizer);
    this.#checks.show(facts);
    this.#example.element.hidden = false;
    this.#example.show(facts, { train: run.peek()?.train_count ?? 0, test: run.peek()?.test_count ?? 0 });
    this.#incomplete.show(facts);
    this.#drawCharts();
    if (before !== facts["stage"]) this.#main.scrollTop = 0;
    if (before !== facts["stage"]) this.#attention.reveal();
  }

  /** @param {Plot[]} plots */
  #showEquations(plots) {
    const found = plots.flatMap(({ title, marks }) =>
      marks.flatMap((mark) => (mark.kind === "equation" ? [{ title, mark }] : [])),
    );
    while (this.#views.length > found.length) this.#views.pop()?.close();
    while (this.#views.length < found.length) {
      const view = new EquationView((entry) => (walk.entry.value = entry));
      this.#views.push(view);
      this.#equations.append(view.element);
    }
    found.forEach(({ title, mark }, i) => this.#views[i]?.show(mark, title));
  }

  /** Whatever is no equation stands beside them. */
  #drawCharts() {
    const plots = (this.#picture?.plots ?? []).filter(({ id, marks: [first] }) => first && !["equation", "graph"].includes(first.kind) && !isElsewhere(id));
    this.#charts.hidden = plots.length === 0;
    // Without an equation they have its place.
    const wide = this.#views.length === 0;
    this.#charts.classList.toggle("wide", wide);
    const place = wide ? this.#main : this.#side;
    if (this.#charts.parentElement !== place) place.append(this.#charts);
    while (this.#figures.length > plots.length) this.#figures.pop()?.close();
    while (this.#figures.length < plots.length) {
      const figure = new PlotFigure();
      this.#figures.push(figure);
      this.#charts.append(figure.element);
    }
    if (this.#width < 24) return;
    const { scale } = palette();
    const room = wide ? Math.min(this.#width, WIDE * scale) : this.#width;
    plots.forEach((plot, i) => {
      const size = plotSize(plot, room, scale, (wide ? WIDE : CHART) * scale);
      const figure = this.#figures[i];
      figure?.show(plot, size, [], room);
      // The derivative of this example among those of its batch.
      const { facts } = /** @type {Picture} */ (this.#picture);
      const own = plot.id === "each" && facts["part"] === "batch";
      figure?.choose(own ? { index: Number(facts["example"]) } : null);
    });
  }
}

/** Whether a plot has a part of its own on the page. @param {string} id */
const isElsewhere = (id) => isOfHeads(id) || isOfSampling(id);
