/** The line above a recurrent network: type a sequence, or take one of the test data. */

import { IndexStepper } from "../inputs/stepper.js";
import { SequenceField } from "../inputs/sequence.js";
import { element } from "../panels/element.js";
import { chosen } from "./rnn-chosen.js";

const MOST = 200; // symbols that the server reads

export class TryLine {
  #symbols = [""];
  #shown = "";
  #field = new SequenceField({
    label: "Type a sequence",
    symbols: this.#symbols,
    least: 1,
    most: MOST,
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

  /** @param {import("../types/pictures.js").Facts} facts of the probe `states` */
  show(facts) {
    const symbols = Array.isArray(facts["symbols"]) ? facts["symbols"].map(String) : [];
    const count = Number(facts["sequences"] ?? 1);
    const read = Array.isArray(facts["input"]) ? facts["input"].map(String) : [];
    const key = JSON.stringify([symbols, count, chosen.peek().text === null ? read : null]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#symbols = symbols;
    this.#field.element.hidden = symbols.length === 0;
    this.#stepper.set({ count });
    this.#field.set({ symbols });
    if (chosen.peek().text === null) this.#field.show(read.map((symbol) => symbols.indexOf(symbol)));
  }
}
