/** The line above a model on sequences: type a sequence, or take one of the test data. */

import { IndexStepper } from "../inputs/stepper.js";
import { SequenceField } from "../inputs/sequence.js";
import { element } from "../panels/element.js";
import { alphabetOf, chosen } from "./rnn-chosen.js";

export class TryLine {
  #symbols = [""];
  #shown = "";
  #field = new SequenceField({
    label: "Type a sequence",
    symbols: this.#symbols,
    least: 1,
    most: 1,
    onChange: (tokens) => {
      chosen.value = { ...chosen.peek(), text: tokens.map((token) => this.#symbols[token]).join("") };
    },
  });
  #stepper = new IndexStepper({
    label: "Test sequence",
    count: 1,
    onChange: (example) => {
      chosen.value = { text: null, example };
    },
  });
  element = element("div", { class: "try-line" }, this.#field.element, this.#stepper.element);

  /**
   * @param {import("../types/pictures.js").Facts} facts of a probe of sequences
   * @param {unknown} source the symbols as a person would type them
   */
  show(facts, source = facts["input"]) {
    const { symbols, most, count } = alphabetOf(facts);
    const read = Array.isArray(source) ? source.map(String) : [];
    const key = JSON.stringify([symbols, most, count, chosen.peek().text === null ? read : null]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#symbols = symbols;
    this.#field.element.hidden = symbols.length === 0;
    this.#stepper.set({ count });
    this.#field.set({ symbols, most, label: `Type a sequence, up to ${most} symbols` });
    if (chosen.peek().text === null) this.#field.show(read.map((symbol) => symbols.indexOf(symbol)));
  }
}
