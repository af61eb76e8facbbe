/** The image that goes in: a test image by its number, which one may draw over. */

import { effect } from "@preact/signals-core";
import { DrawingPad } from "../../inputs/pad.js";
import { IndexStepper } from "../../inputs/stepper.js";
import { element } from "../../panels/element.js";
import { at } from "../../stream/frame.js";
import { lookedAt, rounded } from "./looking.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

export class InputImage {
  #pad;
  #stepper;
  #stop;
  #side = 0;
  element = element("section", { class: "cnn-input", "aria-label": "Input image" });

  /** @param {Context} context */
  constructor({ state }) {
    this.#stepper = new IndexStepper({
      label: "Test image",
      count: 0,
      onChange: (image) => (lookedAt.value = { image, drawing: null }),
    });
    this.#pad = new DrawingPad({
      height: 8,
      width: 8,
      label: "Draw over the image",
      onChange: (values) => (lookedAt.value = { ...lookedAt.peek(), drawing: rounded(values) }),
    });
    this.element.append(
      element("h2", {}, "Input"),
      element("p", { class: "caption" }, "draw over it"),
      this.#pad.element,
      this.#stepper.element,
    );
    this.#stop = effect(() => {
      const count = state.described.value?.test_count ?? 0;
      this.#stepper.set({ count: count || (state.described.value?.train_count ?? 0) });
      this.#stepper.show(lookedAt.value.image);
    });
  }

  /** The image as the net saw it; what is being drawn stays as it is. @param {Plot | undefined} plot */
  show(plot) {
    const [mark] = plot?.marks ?? [];
    if (mark?.kind !== "images") return;
    const side = mark.values.shape[1] ?? 1;
    if (side !== this.#side) {
      this.#side = side;
      this.#pad.size(side, side);
    }
    if (lookedAt.peek().drawing) return;
    this.#pad.show(Array.from({ length: side * side }, (_, i) => at(mark.values, i)));
  }

  close() {
    this.#stop();
    this.#pad.close();
  }
}
