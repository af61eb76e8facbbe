/** The choice of the three test images through which a plane passes, by number. */

import { effect } from "@preact/signals-core";
import { IndexStepper } from "../../inputs/index-stepper.js";
import { PlotCanvas } from "../../marks/plot.js";
import { element } from "../../panels/element.js";
import { extractImage } from "./one-image.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

const FIRST = [0, 1, 2];
const PLACES = ["(0, 0)", "(1, 0)", "(0, 1)"];

export class ThreeImages {
  element = element("div", { class: "three-images", role: "group", "aria-label": "The three images, by their places" });
  /** Numbers of the test images. */
  numbers = [...FIRST];
  /** @type {PlotCanvas[]} */
  #plots = [];
  /** @type {IndexStepper[]} */
  #steppers = [];
  #stop;

  /**
   * @param {Context} context
   * @param {(numbers: number[]) => void} choose
   */
  constructor({ state }, choose) {
    PLACES.forEach((place, i) => {
      const canvas = element("canvas", { class: "cnn-thumbnail", "aria-hidden": "true" });
      const stepper = new IndexStepper({
        label: place,
        count: Infinity,
        value: this.numbers[i] ?? 0,
        onChange: (wanted) => {
          const before = this.numbers[i] ?? 0;
          const number = distinctImage(this.numbers, i, wanted, wanted < before ? -1 : 1, this.#count);
          this.numbers = this.numbers.with(i, number);
          stepper.show(number);
          choose(this.numbers);
        },
      });
      this.element.append(element("div", { class: "three-images-item" }, canvas, stepper.element));
      this.#plots.push(new PlotCanvas(canvas));
      this.#steppers.push(stepper);
    });
    this.#stop = effect(() => {
      const described = state.described.value;
      this.#count = described?.test_count || described?.train_count || Infinity;
      for (const stepper of this.#steppers) stepper.set({ count: this.#count });
    });
  }

  #count = Infinity;

  /** Resets to the first images; returns whether that changes anything. */
  reset() {
    if (this.numbers.every((number, i) => number === FIRST[i])) return false;
    this.numbers = [...FIRST];
    this.#steppers.forEach((stepper, i) => stepper.show(this.numbers[i] ?? 0));
    return true;
  }

  /** @param {Plot | undefined} plot the images, in their order */
  show(plot) {
    this.#plots.forEach((one, i) => {
      const own = extractImage(plot, i);
      if (own) one.draw(own);
    });
  }

  close() {
    this.#stop();
    for (const plot of this.#plots) plot.close();
    this.element.remove();
  }
}

/**
 * The wanted number, or the next one in a direction that none of the others has: a plane needs three
 * different images.
 * @param {number[]} numbers
 * @param {number} at the index of the changed one
 * @param {number} wanted
 * @param {number} by
 * @param {number} count the number of images
 */
export function distinctImage(numbers, at, wanted, by, count) {
  const others = numbers.filter((_, i) => i !== at);
  let number = wanted;
  while (others.includes(number)) {
    number += by;
    if (number < 0) number = Number.isFinite(count) ? count - 1 : Math.max(...others) + 1;
    if (number >= count) number = 0;
  }
  return number;
}
