/**
 * Shows any picture of a probe: its plots in a grid, each with title, note and the value under the cursor,
 * a legend, and the named numbers below. The views of a family are arrangements of these.
 */

import { palette, onTheme } from "../marks/colors.js";
import { watchSize } from "../marks/watch-size.js";
import { sentences } from "../stream/api-error.js";
import { arrangement } from "./arrangement.js";
import { element, setText } from "./element.js";
import { EquationView } from "./equation/equation-view.js";
import { FactsRow } from "./facts-row.js";
import { PlotFigure } from "./figure.js";
import { Legend, legendContent } from "./legend.js";
import { Incomplete } from "./incomplete.js";
import { factsOf } from "./picture-facts.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./figure.js").Pick} Pick */
/** @typedef {import("./figure.js").Chosen} Chosen */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/pictures.js").Plot} Plot */

/**
 * @typedef {object} PictureConfig
 * @property {string} id of the watch: unique
 * @property {string} probe
 * @property {object} [options] of the probe
 * @property {number} [fps]
 * @property {string} [title] above all plots
 * @property {string} [note] beside the title
 * @property {number | number[]} [columns] plots a row; of several numbers the one with the largest plots, the
 *   first of equals; by default as many as fit
 * @property {number | (() => number)} [height] the largest height of a plot's canvas, in CSS pixels; a function
 *   of the window's size
 * @property {boolean} [legible] leaves out the names of rows and columns that are too small for them
 * @property {boolean} [fit] takes the height of the host, and fills it
 * @property {boolean} [legend] whether there is one (default true)
 * @property {((facts: import("../types/pictures.js").Facts) => import("./facts-row.js").Fact[]) | false} [facts]
 *   the numbers below; by default all plain ones; false shows none
 * @property {(picture: Picture) => Picture} [arrange] returns another picture to draw, e.g. with fewer plots
 * @property {(plot: Plot, width: number) => {title: string, note: string}} [heading] the heading
 *   of a plot in a column of this width, in CSS pixels of plain type; the plots then keep to their columns.
 *   By default the plot's title and note
 * @property {(pick: Pick) => void} [onPick]
 * @property {(pick: Pick | null) => void} [onHover]
 * @property {(picture: Picture) => void} [onPaint] called with each picture, before `arrange`
 * @property {(view: import("../marks/view.js").View, plot: string) => void} [over] draws over a plot
 */

const FPS = 15;
const WAITING = "Waiting for the first picture.";

export class PictureView {
  #plots = element("div", { class: "picture-plots" });
  #equations = element("div", { class: "picture-equations", hidden: true });
  #message = element("p", { class: "picture-message", role: "status" }, WAITING);
  #legend = new Legend();
  #facts = new FactsRow();
  #incomplete = new Incomplete();
  element = element("div", { class: "picture" });
  /** @type {PlotFigure[]} */
  #figures = [];
  /** @type {EquationView[]} */
  #views = [];
  /** @type {Picture | null} */
  #picture = null;
  #room = { width: 0, height: 0 };
  /** @type {{[option: string]: unknown}} */
  #options;
  /** @type {(Chosen & {plot?: string}) | null} */
  #chosen = null;
  #config;
  #context;
  #watch;
  #stopSizing;
  #stopTheme;
  #resized = () => this.#draw();

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   * @param {PictureConfig} config
   */
  constructor(host, context, config) {
    this.#config = config;
    this.#context = context;
    this.#options = { ...config.options };
    this.element.classList.toggle("fit", config.fit === true);
    if (config.title) {
      const note = element("span", { class: "caption" }, config.note ?? "");
      this.element.append(element("header", { class: "picture-head" }, element("h2", {}, config.title), note));
    }
    this.#legend.element.hidden = true;
    this.element.append(this.#equations, this.#plots, this.#legend.element, this.#facts.element, this.#incomplete.element, this.#message);
    host.append(this.element);
    this.#stopSizing = watchSize(this.#plots, ({ width, height }) => {
      if (width === this.#room.width && (!config.fit || height === this.#room.height)) return;
      this.#room = { width, height };
      this.#draw();
    });
    this.#stopTheme = onTheme(() => this.#draw());
    // A function of the window's height: the room may be as wide as before.
    if (typeof config.height === "function") addEventListener("resize", this.#resized);
    this.#watch = context.pictures.watch({
      id: config.id,
      probe: config.probe,
      options: this.#options,
      fps: config.fps ?? FPS,
      host: this.element,
      paint: (picture) => this.#paint(picture),
      fail: (problem) => this.#showProblem(sentences(problem)),
    });
  }

  /** The last picture as received. */
  get picture() {
    return this.#picture;
  }

  /** Sets options of the probe in addition to the present ones. @param {{[option: string]: unknown}} changes */
  set(changes) {
    const next = { ...this.#options, ...changes };
    if (JSON.stringify(next) === JSON.stringify(this.#options)) return;
    this.#options = next;
    this.#watch.set(next);
  }

  /**
   * Frames something as chosen: a whole plot by its id, or a cell, image, tile or bar of it.
   * @param {(Chosen & {plot?: string}) | null} chosen without `plot`, in every plot
   */
  choose(chosen) {
    this.#chosen = chosen;
    this.#frameChosen();
  }

  /** The figure of a plot, for an overlay. @param {string} id @returns {PlotFigure | null} */
  figure(id) {
    const at = this.#arranged().findIndex((plot) => plot.id === id);
    return this.#figures[at] ?? null;
  }

  /** Draws the present picture again. */
  redraw() {
    this.#draw();
  }

  close() {
    this.#watch.close();
    this.#stopSizing();
    this.#stopTheme();
    removeEventListener("resize", this.#resized);
    for (const one of [...this.#figures, ...this.#views]) one.close();
    this.element.remove();
  }

  /** @param {string} text */
  #showProblem(text) {
    setText(this.#message, text);
    this.#message.hidden = false;
    this.element.dataset["state"] = "refused";
  }

  /** @param {Picture} picture */
  #paint(picture) {
    this.#picture = picture;
    this.#message.hidden = true;
    this.#incomplete.show(picture.facts);
    this.element.dataset["state"] = "shown";
    this.#config.onPaint?.(picture);
    this.#showEquations();
    this.#draw();
  }

  /** Equations stand over the plots; a click on an entry works that one out. */
  #showEquations() {
    const found = this.#plotsOf(this.#picture).flatMap(({ title, marks }) =>
      marks.flatMap((mark) => (mark.kind === "equation" ? [{ title, mark }] : [])),
    );
    while (this.#views.length > found.length) this.#views.pop()?.close();
    while (this.#views.length < found.length) {
      const view = new EquationView((entry) => this.set({ ...entry }));
      this.#views.push(view);
      this.#equations.append(view.element);
    }
    this.#equations.hidden = found.length === 0;
    found.forEach(({ title, mark }, i) => this.#views[i]?.show(mark, title));
  }

  /** @param {Picture | null} picture @returns {Plot[]} */
  #plotsOf(picture) {
    if (!picture) return [];
    return (this.#config.arrange?.(picture) ?? picture).plots;
  }

  /** What is drawn on a canvas. @returns {Plot[]} */
  #arranged() {
    // A graph and an equation have their own views.
    return this.#plotsOf(this.#picture).filter(({ marks: [first] }) => first?.kind !== "graph" && first?.kind !== "equation");
  }

  #draw() {
    const plots = this.#arranged();
    if (!this.#picture || this.#room.width < 24) return;
    this.#setFigureCount(plots.length);
    const { scale } = palette();
    const { plots: drawn, width: column, sizes } = arrangement(plots, this.#room, scale, this.#config);
    const names = this.#classNames();
    drawn.forEach((plot, i) => {
      const size = sizes[i];
      if (!size) return;
      const width = this.#config.heading ? column : size.width;
      const heading = this.#config.heading?.(plot, width / scale);
      this.#figures[i]?.show({ ...plot, ...heading }, size, names, width);
    });
    this.#frameChosen();
    this.#updateLegend(plots);
    const { facts } = this.#config;
    if (facts !== false) this.#facts.show((facts ?? factsOf)(this.#picture.facts));
  }

  /** @param {number} count the number of figures from now on */
  #setFigureCount(count) {
    while (this.#figures.length > count) this.#figures.pop()?.close();
    while (this.#figures.length < count) {
      const at = this.#figures.length;
      const { onPick, onHover, over } = this.#config;
      const figure = new PlotFigure({
        ...(onPick && { onPick }),
        ...(onHover && { onHover }),
        ...(over && {
          over: (/** @type {import("../marks/view.js").View} */ view) =>
            over(view, this.#arranged()[at]?.id ?? ""),
        }),
      });
      this.#figures.push(figure);
      this.#plots.append(figure.element);
    }
  }

  #frameChosen() {
    const chosen = this.#chosen;
    const ids = this.#arranged().map(({ id }) => id);
    const whole = chosen !== null && chosen.index === undefined && chosen.row === undefined;
    this.#figures.forEach((figure, i) => {
      const here = chosen !== null && (chosen.plot === undefined || chosen.plot === ids[i]);
      figure.element.classList.toggle("chosen", here && whole);
      figure.choose(here && !whole ? chosen : null);
    });
  }

  /** One legend for all plots if it is the same; else that of the first plot with one. @param {Plot[]} plots */
  #updateLegend(plots) {
    if (this.#config.legend === false) return;
    const meant = plots.find((plot) => {
      const { scale, classes, lines, points } = legendContent(plot, false);
      return scale || classes || lines.length || points.length;
    });
    if (!meant) {
      this.#legend.element.hidden = true;
      return;
    }
    this.#legend.show(meant, { tinted: false, names: this.#classNames() });
  }

  /** The names of the data's classes, if any. @returns {string[]} */
  #classNames() {
    const { catalogue, run } = this.#context.state;
    const kind = run.peek()?.spec.data.kind;
    return catalogue.peek()?.data.find((row) => row.kind === kind)?.class_names ?? [];
  }
}
