/** The output panel: the network's output over the plane or the line, with the data and linear regions. */

import { effect } from "@preact/signals-core";

import { PlotCanvas } from "../marks/plot.js";
import { sentences } from "../stream/api-error.js";
import { fits, objectiveOf } from "./context.js";
import { drawCursor } from "./cursor.js";
import { count } from "../marks/scales.js";
import { element, setText } from "./element.js";
import { FactsRow, factsText } from "./facts-row.js";
import { Incomplete } from "./incomplete.js";
import { outputLayers } from "./output-layers.js";
import { Legend } from "./legend.js";
import { outputFacts } from "./output-facts.js";
import { listenToPointer } from "./map-pointer.js";
import { snapToCurve, cursorFact } from "./cursor-value.js";
import { RegionCard } from "./region-card.js";
import { mapButton } from "./map-button.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/pictures.js").Plot} Plot */

const REGIONS_FPS = 10;
const RESOLUTION = 64;
/** Points of a curve: it costs one row of a map, so it is fine enough to show corners. */
const CURVE_RESOLUTION = 256;
const KEYS_HELP = "Use the arrow keys to read values, Enter to show a region, Escape to close it, plus, minus and 0 to zoom.";

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const panel = new Output(host, context);
  return () => panel.close();
}

class Output {
  /** @type {number[] | null} */
  #window = null;
  /** @type {{x: number, y: number} | null} */
  #cursor = null;
  /** @type {number[] | null} */
  #chosen = null;
  /** @type {Plot | null} */
  #decision = null;
  /** @type {Picture | null} */
  #regions = null;
  /** Data points, requested once a run. @type {import("../types/pictures.js").Mark[]} */
  #points = [];
  #pointsOf = "";
  #data = "";
  /** @type {import("../stream/watch.js").Watch | null} */
  #regionsWatch = null;

  #title = element("h2", {}, "Output");
  #toggle = element("input", { type: "checkbox" });
  #switchText = element("span", {}, "linear regions");
  #switch = element(
    "label",
    { class: "panel-switch caption", "data-tip": "The regions in which the network is one affine map." },
    this.#toggle,
    this.#switchText,
  );
  #canvas = element("canvas", { class: "map-canvas", tabindex: "0", role: "img", "aria-label": "Output" });
  #message = element("p", { class: "panel-message", hidden: true });
  #legend = new Legend();
  #facts = new FactsRow();
  #incomplete = new Incomplete();
  #context;
  #plot;
  #card;
  #watch;
  #reset;
  /** @type {(() => void)[]} */
  #stops = [];

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#context = context;
    this.#card = new RegionCard(() => this.#choose(null));
    this.#plot = new PlotCanvas(this.#canvas, {
      tinted: true,
      overlay: (view) => drawCursor(view, snapToCurve(this.#decision, this.#cursor), this.#chosen),
    });
    const { zoom } = listenToPointer(this.#canvas, this.#plot, {
      window: () => this.#shownWindow(),
      setWindow: (window) => this.#setWindow(window),
      hover: (at) => this.#setCursor(at),
      select: ({ x, y }) => this.#choose(this.#onLine() ? [x] : [x, y]),
    });
    this.#reset = mapButton("Show all", "⤢", () => this.#setWindow(null));
    const tools = element("div", { class: "map-tools" });
    tools.append(
      mapButton("Zoom in", "+", () => zoom(1 / 1.5)),
      mapButton("Zoom out", "−", () => zoom(1.5)),
      this.#reset,
    );
    host.append(
      element("header", { class: "panel-head" }, this.#title, this.#switch),
      element("div", { class: "map" }, this.#canvas, tools, this.#message),
      this.#legend.element,
      this.#facts.element,
      this.#incomplete.element,
    );
    document.body.append(this.#card.element);
    this.#canvas.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#choose(null);
    });
    this.#toggle.addEventListener("change", () => {
      context.state.showRegions.value = this.#toggle.checked;
    });
    this.#watch = context.pictures.watch({
      id: "output",
      probe: "decision",
      options: this.#decisionOptions(true),
      host: this.#canvas,
      paint: (picture, runId) => this.#paint(picture, runId),
      fail: (problem) => this.#showProblem(sentences(problem)),
    });
    this.#stops.push(
      effect(() => this.#follow()),
      effect(() => this.#updateFacts()),
    );
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#watch.close();
    this.#regionsWatch?.close();
    this.#card.element.remove();
    this.#plot.close();
  }

  #onLine() {
    return this.#decision !== null && !this.#decision.equal;
  }

  #hasOneInput() {
    const rows = this.#context.state.catalogue.peek()?.data ?? [];
    return rows.find(({ kind }) => kind === this.#data)?.inputs === 1;
  }

  /** @returns {number[]} */
  #shownWindow() {
    if (this.#window) return this.#window;
    const { x, y, equal } = this.#decision ?? { x: null, y: null, equal: true };
    const across = [x?.low ?? -3, x?.high ?? 3];
    return equal ? [...across, y?.low ?? -3, y?.high ?? 3] : across;
  }

  /** @param {boolean} points */
  #decisionOptions(points) {
    const window = this.#window;
    const resolution = this.#hasOneInput() ? CURVE_RESOLUTION : RESOLUTION;
    return { resolution, points, ...(window && { window }) };
  }

  #regionsOptions() {
    const window = this.#window;
    const at = this.#chosen;
    const polygons = this.#context.state.showRegions.value;
    return { merge: true, polygons, ...(window && { window }), ...(at && { point: at }) };
  }

  /** Follows the run: whether it has regions, and its data. */
  #follow() {
    const { state, pictures } = this.#context;
    const run = state.run.value;
    const hasRegions = fits(this.#context, "regions");
    this.#toggle.checked = state.showRegions.value;
    this.#switch.hidden = !hasRegions;
    const data = run?.spec.data.kind ?? "";
    if (data !== this.#data) this.#resetView(data);
    if (hasRegions && !this.#regionsWatch) {
      this.#regionsWatch = pictures.watch({
        id: "output-regions",
        probe: "regions",
        options: this.#regionsOptions(),
        fps: REGIONS_FPS,
        host: this.#canvas,
        paint: (picture) => this.#paintRegions(picture),
        fail: () => this.#clearRegions(),
      });
    } else if (!hasRegions && this.#regionsWatch) {
      this.#regionsWatch.close();
      this.#regionsWatch = null;
      this.#clearRegions();
    } else this.#regionsWatch?.set(this.#regionsOptions());
  }

  /**
   * Resets the view for other data: the window of the old data no longer applies.
   * @param {string} data
   */
  #resetView(data) {
    this.#data = data;
    this.#window = null;
    this.#chosen = null;
    this.#regions = null;
    this.#card.hide();
    this.#reset.disabled = true;
    this.#watch.set(this.#decisionOptions(true));
  }

  #clearRegions() {
    this.#regions = null;
    this.#card.hide();
    this.#updateFacts();
    this.#redraw();
  }

  /** @param {string} text */
  #showProblem(text) {
    setText(this.#message, text);
    this.#message.hidden = false;
  }

  /**
   * @param {Picture} picture
   * @param {string} runId
   */
  #paint(picture, runId) {
    const plot = picture.plots[0];
    if (!plot) return;
    const points = plot.marks.filter((mark) => mark.kind === "points");
    if (points.length > 0) {
      this.#points = points;
      this.#pointsOf = runId;
      this.#watch.set(this.#decisionOptions(false));
    } else if (this.#pointsOf !== runId) {
      this.#points = [];
      this.#watch.set(this.#decisionOptions(true));
    }
    this.#decision = plot;
    this.#message.hidden = true;
    setText(this.#title, plot.title);
    this.#redraw();
    this.#updateCursorFact();
  }

  /** @param {Picture} picture */
  #paintRegions(picture) {
    this.#regions = picture;
    const at = /** @type {any} */ (picture.facts.at);
    if (at && this.#chosen) this.#card.show(at, objectiveOf(this.#context)?.symbol ?? "f");
    this.#redraw();
    this.#updateFacts();
  }

  #redraw() {
    if (!this.#decision) return;
    const shown = this.#context.state.showRegions.peek() ? this.#regions?.plots[0] : undefined;
    const whole = outputLayers(this.#decision, this.#points, shown);
    this.#plot.draw(whole);
    this.#legend.show(whole);
  }

  /** @param {number[] | null} window */
  #setWindow(window) {
    this.#window = window;
    this.#reset.disabled = window === null;
    this.#watch.set(this.#decisionOptions(this.#points.length === 0));
    this.#regionsWatch?.set(this.#regionsOptions());
  }

  /** @param {{x: number, y: number} | null} at */
  #setCursor(at) {
    this.#cursor = at;
    this.#plot.redraw();
    this.#updateCursorFact();
  }

  /** @param {number[] | null} at a point in the region to show; null closes the card */
  #choose(at) {
    if (at && !this.#regionsWatch) return;
    this.#chosen = at?.map((value) => Number(value.toPrecision(4))) ?? null;
    if (!at) this.#card.hide();
    this.#regionsWatch?.set(this.#regionsOptions());
    this.#plot.redraw();
  }

  #updateCursorFact() {
    if (this.#cursor) this.#updateFacts();
  }

  #updateFacts() {
    const facts = outputFacts(this.#context, this.#regions?.facts ?? null);
    this.#incomplete.show(this.#regions?.facts);
    facts.push(cursorFact(this.#decision, this.#cursor));
    this.#facts.show(facts);
    const linear = this.#regions?.facts["linear_regions"];
    // Presentation mode has no room for the facts.
    const counted = this.#context.presenting.value && typeof linear === "number";
    setText(this.#switchText, counted ? `${count(linear)} linear regions` : "linear regions");
    this.#canvas.setAttribute("aria-label", `${this.#title.textContent}. ${factsText(facts)}. ${KEYS_HELP}`);
  }
}
