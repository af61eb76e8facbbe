/** The panel of curves over the steps: loss, accuracy or R², penalty, gradient norm. */

import { effect } from "@preact/signals-core";

import { onTheme } from "../marks/colors.js";
import { clipToAxis } from "../marks/clipped.js";
import { count } from "../marks/scales.js";
import { watchSize } from "../marks/watch-size.js";
import { chart } from "./chart.js";
import { ChartChanges } from "./chart-changes.js";
import { decimate, firstFrom } from "../stream/decimate.js";
import { element, setText } from "./element.js";
import { axisRange } from "./axis-range.js";
import { messageBeforeCurves } from "./first-row.js";
import { LOSS, measuresOf } from "./measures.js";
import { columnWithCurrent, currentMetrics, metricAt } from "./current-metrics.js";
import { Tabs } from "./tabs.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./measures.js").Measure} Measure */

/** The interval between drawings, in ms: series come in batches, so more would show nothing new. */
const DRAW_INTERVAL = 100;
const NEGATIVE = "A log scale cannot show negative values.";

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const panel = new Curves(host, context);
  return () => panel.close();
}

class Curves {
  #measure = LOSS;
  /** The measure chosen by the viewer, shown if a run has it. @type {string | null} */
  #chosenMeasure = null;
  #linearChosen = false;
  /** @type {import("uplot") | null} */
  #chart = null;
  #log = true;
  #size = { width: 0, height: 0 };
  /** Steps shown, after dragging over some. @type {[number, number] | null} */
  #zoom = null;
  #drawnAt = 0;
  #dirty = false;
  #scheduled = false;
  /** Whether the curves reach beyond the last row, to the present step. */
  #hasCurrent = false;
  /** The step under the cursor. @type {number | null} */
  #cursorStep = null;
  /** The drawn steps and values, unmodified. @type {Float64Array[]} */
  #rows = [];
  #axis = axisRange(LOSS, false, []);

  #tabs = new Tabs("Measure", (id) => this.#choose(id));
  #scale = element("button", { type: "button", class: "caption scale-switch" });
  #showAll = element("button", { type: "button", class: "caption scale-switch", hidden: true }, "show all");
  #reading = element("span", { class: "caption number cursor-value", "aria-live": "off" });
  #message = element("p", { class: "panel-message" });
  #canvas = element("div", { class: "chart", tabindex: "0", role: "img" });
  #box = element(
    "div",
    { class: "chart-box", "data-empty": true },
    this.#canvas,
    this.#reading,
    this.#message,
  );
  #context;
  #changes;
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    this.#changes = new ChartChanges(context);
    this.#box.append(this.#changes.element);
    const { series, state } = context;
    host.append(
      element("header", { class: "panel-head" }, this.#tabs.element, this.#showAll, this.#scale),
      this.#box,
    );
    this.#scale.addEventListener("click", () => {
      this.#linearChosen = !this.#linearChosen;
      this.#rebuild();
    });
    this.#showAll.addEventListener("click", () => this.#zoomTo(null));
    this.#canvas.addEventListener("dblclick", () => this.#zoomTo(null));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#canvas.addEventListener("blur", () => this.#chart?.setCursor({ left: -10, top: -10 }));
    const resized = (/** @type {{width: number, height: number}} */ { width, height }) => {
      this.#size = { width: Math.floor(width), height: Math.floor(height) };
      if (this.#chart) this.#chart.setSize(this.#size);
      else this.#rebuild();
    };
    this.#stops = [
      watchSize(this.#canvas, resized),
      series.subscribe(() => this.#scheduleUpdate()),
      onTheme(() => this.#rebuild()),
      effect(() => {
        void state.viewedStep.value;
        this.#chart?.redraw(false);
        this.#updateReading();
      }),
      effect(() => {
        const hasCurrent = currentMetrics(context) !== null;
        if (hasCurrent || this.#hasCurrent) this.#scheduleUpdate();
        this.#hasCurrent = hasCurrent;
      }),
      effect(() => {
        void state.run.value?.id;
        this.#zoomTo(null);
      }),
      effect(() => {
        void context.changes.value;
        this.#scheduleUpdate();
      }),
      effect(() => setText(this.#message, messageBeforeCurves(context))),
    ];
    this.#updateTabs();
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#chart?.destroy();
  }

  /** @param {string} id */
  #choose(id) {
    this.#chosenMeasure = id;
    this.#updateTabs();
  }

  /** Shows the available measures as tabs; the first is selected unless another was chosen. */
  #updateTabs() {
    const found = measuresOf(this.#context.series);
    const choices = found.length > 0 ? found : [LOSS];
    const measure = choices.find(({ id }) => id === this.#chosenMeasure) ?? choices[0] ?? LOSS;
    if (measure !== this.#measure) {
      this.#measure = measure;
      this.#rebuild();
    }
    this.#tabs.show(choices, this.#measure.id);
  }

  #scheduleUpdate() {
    this.#dirty = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    const left = Math.max(0, DRAW_INTERVAL - (performance.now() - this.#drawnAt));
    setTimeout(() => requestAnimationFrame(() => this.#update()), left);
  }

  #update() {
    this.#scheduled = false;
    if (!this.#dirty || this.#size.width < 40) return;
    this.#dirty = false;
    this.#drawnAt = performance.now();
    this.#updateTabs();
    if (this.#useLog() !== this.#log) this.#rebuild();
    else this.#draw();
  }

  #useLog() {
    return !this.#linearChosen && this.#canLog();
  }

  /** Whether no drawn value is negative (a log-likelihood with a small σ can be). */
  #canLog() {
    if (!this.#measure.log) return false;
    return this.#measure.curves.every(({ column }) => {
      const values = columnWithCurrent(this.#context, column);
      return !values || values.every((value) => !(value < 0));
    });
  }

  #rebuild() {
    this.#chart?.destroy();
    this.#chart = null;
    if (this.#size.width < 40 || this.#size.height < 40) return;
    this.#log = this.#useLog();
    this.#axis = axisRange(this.#measure, this.#log, []);
    this.#rows = [];
    this.#chart = chart(this.#canvas, this.#measure, this.#log, this.#size, {
      shown: () => ({
        axis: this.#axis,
        rows: this.#rows,
        now: this.#currentValues(),
        changes: this.#context.changes.peek(),
      }),
      cursor: (row, x) => this.#setCursor(row, x),
      zoomed: (low, high) => this.#zoomTo([low, high]),
      viewedStep: () => this.#context.state.viewedStep.peek(),
    });
    this.#updateScaleLabel();
    this.#setCursor(null, null);
    this.#draw();
  }

  #draw() {
    const x = columnWithCurrent(this.#context, "step");
    this.#box.toggleAttribute("data-empty", !x || x.length < 2);
    if (!this.#chart) return;
    if (!x) {
      this.#rows = [];
      this.#updateReading();
      return this.#chart.setData([[], ...this.#measure.curves.map(() => [])]);
    }
    const none = new Float64Array(x.length).fill(NaN);
    const columns = this.#measure.curves.map(({ column }) => columnWithCurrent(this.#context, column) ?? none);
    const [low, high] = this.#zoom ?? [-Infinity, Infinity];
    const from = Math.max(0, firstFrom(x, low) - 1);
    const to = Math.min(x.length, firstFrom(x, high) + 1);
    this.#rows = decimate(x, columns, from, to, Math.max(50, Math.round(this.#size.width / 2)));
    const [steps, ...curves] = this.#rows;
    const axis = axisRange(this.#measure, this.#log, curves);
    this.#axis = axis;
    // A log scale has no zero: it is drawn and marked at the floor.
    const drawn = this.#log ? curves.map((values) => values.map((value) => clipToAxis(axis, value))) : curves;
    this.#chart.setData(/** @type {import("uplot").AlignedData} */ ([steps, ...drawn]));
    this.#updateReading();
  }

  /** Each curve's value at the viewed step, else the last. */
  #currentValues() {
    const viewed = this.#context.state.viewedStep.peek();
    return this.#measure.curves.map(({ column }) => metricAt(this.#context, column, viewed));
  }

  /** Updates the reading in words: under the cursor, else at the viewed step. */
  #updateReading() {
    const viewed = this.#context.state.viewedStep.peek();
    const { label } = this.#measure;
    const where = viewed === null ? "" : `, at step ${count(metricAt(this.#context, "step", viewed))}`;
    const changes = this.#chart ? this.#changes.text(this.#chart) : "";
    this.#canvas.setAttribute("aria-label", `${label} by step${where}: ${this.#valuesText(viewed)}${changes}`);
    const step = this.#cursorStep ?? viewed;
    const row = step === null ? NaN : metricAt(this.#context, "step", step);
    setText(this.#reading, Number.isNaN(row) ? "" : `step ${count(row)}: ${this.#valuesText(row)}`);
  }

  /** Every curve with its value, of the last row at or before a step. @param {number | null} step */
  #valuesText(step) {
    const { curves, format } = this.#measure;
    return curves
      .map(({ column, label }) => `${label} ${format(metricAt(this.#context, column, step))}`)
      .join(", ");
  }

  /** @param {[number, number] | null} steps */
  #zoomTo(steps) {
    this.#zoom = steps;
    this.#showAll.hidden = steps === null;
    this.#draw();
  }

  /** Names the scale, and how to change it. */
  #updateScaleLabel() {
    const { unit, log, ends } = this.#measure;
    const scale = log ? (this.#log ? "log scale" : "linear scale") : "";
    setText(this.#scale, [scale, unit].filter(Boolean).join(", "));
    this.#scale.disabled = !this.#canLog();
    if (log && this.#scale.disabled) this.#scale.setAttribute("data-tip", NEGATIVE);
    else this.#scale.removeAttribute("data-tip");
    this.#box.toggleAttribute("data-rising", ends !== null || this.#measure.id === "r2");
  }

  /**
   * The values under the cursor.
   * @param {number | null} row among the drawn ones
   * @param {number | null} x of the cursor in the plot, in CSS pixels
   */
  #setCursor(row, x) {
    this.#cursorStep = this.#rows[0]?.[row ?? -1] ?? null;
    this.#updateReading();
    if (this.#chart) this.#changes.point(this.#chart, x);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const u = this.#chart;
    if (by === 0 || !u) return;
    event.preventDefault();
    event.stopPropagation();
    const width = u.over.clientWidth;
    const left = u.cursor.left ?? -1;
    const start = left < 0 ? width : left;
    u.setCursor({ left: Math.min(Math.max(start + by * (event.shiftKey ? 20 : 4), 0), width), top: 10 });
  }
}
