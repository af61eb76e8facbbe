/** Shows the class probabilities of the image, and which class is right. */

import { SHORT_SCREEN } from "../../media.js";
import { PlotFigure } from "../../panels/figure.js";
import { element, setText } from "../../panels/element.js";
import { palette } from "../../marks/colors.js";
import { percent } from "../../marks/scales.js";
import { watchSize } from "../../marks/watch-size.js";

/** @typedef {import("../../types/pictures.js").Picture} Picture */

/** The height of a bar with its name, in CSS pixels; on a low screen. */
const BAR = 19;
const LOW_BAR = 15.5;
const MIN_WIDTH = 90;
/** Smaller probabilities are written as 0: the digits of 1.09e-8 are of no use. */
const SMALL = 0.001;

export class ClassProbabilities {
  #figure = new PlotFigure();
  #prediction = element("p", { class: "caption number" });
  #width = 0;
  /** @type {Picture | null} */
  #picture = null;
  #stopSizing;
  element = element(
    "section",
    { class: "class-probabilities", "aria-label": "Class probabilities" },
    element("h2", {}, "p(y | x)"),
    this.#prediction,
    this.#figure.element,
  );

  constructor() {
    this.#stopSizing = watchSize(this.element, ({ width }) => {
      this.#width = Math.floor(width);
      this.#draw();
    });
  }

  /** @param {Picture} picture of the feature maps */
  show(picture) {
    this.#picture = picture;
    const { prediction, probability, truth } = picture.facts;
    const sure = typeof probability === "number" ? `, ${percent(probability)}` : "";
    const right = truth === null || truth === prediction ? "" : `; the label is ${truth}`;
    setText(this.#prediction, `${prediction}${sure}${right}`);
    this.#prediction.classList.toggle("wrong", right !== "");
    this.#draw();
  }

  #draw() {
    const plot = this.#picture?.plots.find(({ id }) => id === "classes");
    const [mark] = plot?.marks ?? [];
    if (!plot || mark?.kind !== "bars" || this.#width < MIN_WIDTH) return;
    const height = mark.labels.length * (matchMedia(SHORT_SCREEN).matches ? LOW_BAR : BAR) * Math.max(1, 0.8 * palette().scale) + 8;
    const values = Float32Array.from(mark.values.data, (share) => (share < SMALL ? 0 : share));
    const bars = { ...mark, values: { data: values, shape: [values.length] } };
    this.#figure.show({ ...plot, title: "", marks: [bars] }, { width: this.#width, height });
  }

  close() {
    this.#stopSizing();
    this.#figure.close();
    this.element.remove();
  }
}
