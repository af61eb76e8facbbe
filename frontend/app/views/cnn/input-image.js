/** The input image: a test image by its number, which can be drawn over and restored. */

import { effect } from "@preact/signals-core";
import { DrawingPad } from "../../inputs/drawing-pad.js";
import { IndexStepper } from "../../inputs/index-stepper.js";
import { element, setText } from "../../panels/element.js";
import { at } from "../../stream/frame.js";
import { selectedImage, roundPixels } from "./selection.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Plot} Plot */

export class InputImage {
  #pad;
  #stepper;
  #stop;
  #side = 0;
  #about = element("p", { class: "caption" });
  #back = element("button", { type: "button", class: "button small", hidden: true });
  /** The test image, as last received. */
  #image = new Float32Array(0);
  element = element("section", { class: "cnn-input", "aria-label": "Input image" });

  /** @param {Context} context */
  constructor({ state }) {
    this.#stepper = new IndexStepper({
      label: "Test image",
      count: 0,
      onChange: (image) => (selectedImage.value = { image, drawing: null }),
    });
    this.#pad = new DrawingPad({
      height: 8,
      width: 8,
      label: "Draw over the image",
      tools: [this.#back],
      onChange: (values) => (selectedImage.value = { ...selectedImage.peek(), drawing: roundPixels(values) }),
    });
    this.#back.addEventListener("click", () => {
      this.#pad.show(this.#image);
      selectedImage.value = { ...selectedImage.peek(), drawing: null };
    });
    this.element.append(
      element("h2", {}, "Input"),
      this.#about,
      this.#pad.element,
      this.#stepper.element,
    );
    this.#stop = effect(() => {
      const count = state.described.value?.test_count ?? 0;
      this.#stepper.set({ count: count || (state.described.value?.train_count ?? 0) });
      const { image, drawing } = selectedImage.value;
      this.#stepper.show(image);
      this.#back.hidden = drawing === null;
      setText(this.#back, `Back to image ${image}`);
      setText(this.#about, drawing ? "your drawing" : "draw over it");
    });
  }

  /** Shows the network's input; a drawing in progress is not changed. @param {Plot | undefined} plot */
  show(plot) {
    const [mark] = plot?.marks ?? [];
    if (mark?.kind !== "images") return;
    const side = mark.values.shape[1] ?? 1;
    if (side !== this.#side) {
      this.#side = side;
      this.#pad.size(side, side);
    }
    if (selectedImage.peek().drawing) return;
    this.#image = Float32Array.from({ length: side * side }, (_, i) => at(mark.values, i));
    this.#pad.show(this.#image);
  }

  close() {
    this.#stop();
    this.#pad.close();
  }
}
