/** The line above a model on sequences, to type a sequence or choose one of the test data. */

import { IndexStepper, wrapIndex } from "../../inputs/index-stepper.js";
import { element } from "../../panels/element.js";
import { alphabetOf, selectSequence, selectedSequence } from "./selected-sequence.js";
import { TypedSequence } from "./typed-sequence.js";

export class SequenceInput {
  #shown = "";
  #typed = new TypedSequence((text) => selectSequence({ ...selectedSequence.peek(), text }));
  #stepper = new IndexStepper({
    label: "Test sequence",
    count: 1,
    onChange: (example) => {
      selectSequence({ text: null, example });
    },
  });
  element = element("div", { class: "sequence-controls" }, this.#typed.element, this.#stepper.element);

  /** Whether a sequence can be typed, besides choosing one. @param {boolean} can */
  setTyping(can) {
    this.#typed.element.hidden = !can;
  }

  /**
   * @param {import("../../types/pictures.js").Facts} facts of a probe of sequences
   * @param {unknown} source the symbols as a person would type them
   */
  show(facts, source = facts["input"]) {
    const { count } = alphabetOf(facts);
    const { text, example } = selectedSequence.peek();
    this.#typed.show(facts, source, text);
    // While it trains pictures keep coming: a number that is being typed stays.
    const key = JSON.stringify([count, example]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#stepper.set({ count, value: wrapIndex(example, count) });
  }
}
