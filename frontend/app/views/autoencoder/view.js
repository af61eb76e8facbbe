/**
 * The main view of autoencoders: the codes of images, the decoded plane, reconstructions and samples. One
 * point in the plane can be dragged; all parts follow.
 */

import { effect, signal } from "@preact/signals-core";
import { DragPoint } from "../../inputs/drag-point.js";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { chooseImage, choosePoint, latentCode, latentPoint } from "./latent-point.js";
import { mountObjective } from "./objective.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

/** Images in a row. */
const IMAGES = 12;
/** The largest height of rows of images, in CSS pixels. */
const ROWS = { two: 126, one: 78 };
const SOURCES = [
  { id: "prior", label: "N(0, I)" },
  { id: "codes", label: "Codes" },
];

/**
 * The options of random codes, here and in the latent plane; source "" is the default one: a plain
 * autoencoder has no prior.
 */
const sampling = signal({ source: "", seed: 0 });

/** Pictures a second of the overviews, which need fewer updates than dragged parts. */
const SLOW_FPS = 8;

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const [latents, grid, reconstructions, samples] = ["latents", "grid", "reconstructions", "samples"].map((name) =>
    element("section", { class: `vae-section vae-${name}` }),
  );
  if (!latents || !grid || !reconstructions || !samples) return () => {};
  const formula = element("div", {});
  const body = element("div", { class: "vae-body" }, latents, grid, reconstructions, samples);
  const root = element("div", { class: "middle vae" }, body, formula);
  host.append(root);
  const scatter = new Scatter(latents, context);
  const pairs = new PictureView(reconstructions, context, {
    id: "reconstructions",
    probe: "reconstructions",
    options: { count: IMAGES },
    fps: SLOW_FPS,
    height: ROWS.two,
    legend: false,
    facts: false,
    onPick: ({ index }) => {
      const image = index === undefined ? -1 : numberOf(pairs.picture, index);
      if (image >= 0) chooseImage(image);
    },
  });
  const views = [scatter, new Grid(grid, context), pairs, new Samples(samples, context)];
  const stop = mountObjective(formula, context);
  return () => {
    stop();
    for (const view of views) view.close();
    root.remove();
  };
}

/**
 * The number within its part of the image at a place of the reconstructions.
 * @param {Picture | null} picture
 * @param {number} index
 */
function numberOf(picture, index) {
  const images = picture?.facts["images"];
  const number = Array.isArray(images) ? images[index % images.length] : -1;
  return typeof number === "number" ? number : -1;
}

/** The codes of the test images, with the draggable point. */
class Scatter {
  #view;
  /** @type {DragPoint | null} */
  #drag = null;
  /** @type {HTMLCanvasElement | null} */
  #canvas = null;
  #stop;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#view = new PictureView(host, context, {
      id: "latents",
      probe: "latents",
      fit: true,
      facts: false,
      onPaint: (picture) => moveInside(picture),
      over: (view) => {
        this.#attach();
        this.#drag?.draw(view);
      },
    });
    this.#stop = effect(() => {
      this.#view.set({ samples: IMAGES, ...samplingOptions() });
      const at = latentPoint.value;
      if (this.#drag && (this.#drag.at.x !== at.x || this.#drag.at.y !== at.y)) this.#drag.show(at);
    });
  }

  close() {
    this.#stop();
    this.#drag?.close();
    this.#view.close();
  }

  /** Attaches the handle to the figure's canvas, which exists from the first picture on. */
  #attach() {
    const figure = this.#view.figure("latents");
    if (!figure || figure.canvas === this.#canvas) return;
    this.#drag?.close();
    this.#canvas = figure.canvas;
    this.#drag = new DragPoint(figure.canvas, {
      at: latentPoint.peek(),
      view: () => figure.plot.view,
      redraw: () => figure.plot.redraw(),
      onChange: choosePoint,
    });
  }
}

/** Moves a point outside the axes to the middle. @param {Picture} picture */
function moveInside({ plots: [plot] }) {
  if (!plot?.x || !plot.y || !latentCode.peek().point) return;
  const { x, y } = latentPoint.peek();
  const inside = x >= plot.x.low && x <= plot.x.high && y >= plot.y.low && y <= plot.y.high;
  if (inside) return;
  choosePoint({ x: (plot.x.low + plot.x.high) / 2, y: (plot.y.low + plot.y.high) / 2 });
}

/** Decoded images over the plane; the one nearest to the point has a frame. */
class Grid {
  #view;
  #stop;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    this.#view = new PictureView(host, context, {
      id: "latent_grid",
      probe: "latent_grid",
      fps: SLOW_FPS,
      fit: true,
      legend: false,
      facts: false,
      onPaint: (picture) => this.#follow(picture),
      onPick: ({ index }) => this.#pick(index),
    });
    this.#stop = effect(() => {
      void latentPoint.value;
      this.#follow(this.#view.picture);
    });
  }

  close() {
    this.#stop();
    this.#view.close();
  }

  /** @param {number | undefined} index */
  #pick(index) {
    const { x, y } = sidesOf(this.#view.picture);
    if (index === undefined || x.length === 0) return;
    const across = x[index % x.length];
    const down = y[Math.floor(index / x.length)];
    if (across !== undefined && down !== undefined) choosePoint({ x: across, y: down });
  }

  /** @param {Picture | null} picture */
  #follow(picture) {
    const { x, y } = sidesOf(picture);
    const at = latentPoint.peek();
    const index = nearest(y, at.y) * x.length + nearest(x, at.x);
    this.#view?.choose(x.length > 0 ? { index } : null);
  }
}

/** @param {Picture | null} picture */
function sidesOf(picture) {
  const numbers = (/** @type {unknown} */ fact) =>
    Array.isArray(fact) ? fact.filter((value) => typeof value === "number") : [];
  return { x: numbers(picture?.facts["x"]), y: numbers(picture?.facts["y"]) };
}

/**
 * @param {number[]} values
 * @param {number} wanted
 */
function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs((values[best] ?? Infinity) - wanted)) best = i;
  });
  return best;
}

/** The options of random codes for both probes. */
function samplingOptions() {
  const { source, seed } = sampling.value;
  return { seed, ...(source && { source }) };
}

/** Images of random codes, a choice of their source, and a button that draws others. */
class Samples {
  #view;
  #title = element("h3", { class: "figure-title" });
  #note = element("span", { class: "caption" });
  #tabs = new Tabs("Source of the samples", (source) => {
    sampling.value = { ...sampling.peek(), source };
  });
  #stop;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   */
  constructor(host, context) {
    const more = element("button", { type: "button", class: "button small" }, "Draw new samples");
    more.addEventListener("click", () => {
      sampling.value = { ...sampling.peek(), seed: sampling.peek().seed + 1 };
    });
    const words = element("div", { class: "vae-samples-caption" }, this.#title, this.#note);
    host.append(element("div", { class: "vae-samples-head" }, words, this.#tabs.element, more));
    this.#view = new PictureView(host, context, {
      id: "samples",
      probe: "samples",
      options: { count: IMAGES, columns: IMAGES },
      fps: SLOW_FPS,
      height: ROWS.one,
      legend: false,
      facts: false,
      arrange: (picture) => this.#withoutTitle(picture),
      onPaint: ({ facts }) => this.#tabs.show(SOURCES, String(facts["source"])),
    });
    this.#stop = effect(() => this.#view.set(samplingOptions()));
  }

  close() {
    this.#stop();
    this.#view.close();
  }

  /** The picture without its title, which is beside the button. @param {Picture} picture */
  #withoutTitle(picture) {
    const plots = picture.plots.map((plot) => {
      setText(this.#title, plot.title);
      setText(this.#note, `marked × above; ${plot.note}`);
      return { ...plot, title: "", note: "" };
    });
    return { ...picture, plots };
  }
}
