/** The line above a model on sequences, to type a sequence or choose one of the test data. */

import { IndexStepper, wrapIndex } from "../../inputs/index-stepper.js";
import { lengthText, SequenceField } from "../../inputs/sequence-field.js";
import { element } from "../../panels/element.js";
import { alphabetOf, selectSequence, selectedSequence } from "./selected-sequence.js";

export class SequenceInput {
  #symbols = [""];
  #shown = "";
  #field = new SequenceField({
    label: "Type a sequence",
    symbols: this.#symbols,
    least: 1,
    most: 1,
    onChange: (tokens) => {
      selectSequence({ ...selectedSequence.peek(), text: tokens.map((token) => this.#symbols[token]).join("") });
    },
  });
  #stepper = new IndexStepper({
    label: "Test sequence",
    count: 1,
    onChange: (example) => {
      selectSequence({ text: null, example });
    },
  });
  element = element("div", { class: "sequence-controls" }, this.#field.element, this.#stepper.element);

  /**
   * @param {import("../../types/pictures.js").Facts} facts of a probe of sequences
   * @param {unknown} source the symbols as a person would type them
   */
  show(facts, source = facts["input"]) {
    const { symbols, most, pair, count } = alphabetOf(facts);
    const read = Array.isArray(source) ? source.map(String) : [];
    const { text, example } = selectedSequence.peek();
    const key = JSON.stringify([symbols, most, pair, count, text === null ? read : null]);
    if (key === this.#shown) return;
    const first = this.#shown === "";
    this.#shown = key;
    this.#symbols = symbols;
    this.#field.element.hidden = symbols.length === 0;
    this.#stepper.set({ count, value: wrapIndex(example, count) });
    this.#field.set({ symbols, most, pair, label: `Type a sequence, ${lengthText(most, pair)}` });
    // Typed text stays as written, and is accepted if it has become valid only now.
    if (this.#field.retry()) return;
    if (first || text === null) this.#field.show(read.map((symbol) => symbols.indexOf(symbol)));
  }
}
