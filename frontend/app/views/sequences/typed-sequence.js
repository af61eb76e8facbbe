/** The field for a sequence of one's own, in the symbols or numbers of the run's data. */

import { lengthText, SequenceField } from "../../inputs/sequence-field.js";
import { alphabetOf } from "./selected-sequence.js";

export class TypedSequence {
  #shown = "";
  #field;
  element;

  /** @param {(text: string) => void} onChange called with each valid text */
  constructor(onChange) {
    this.#field = new SequenceField({ label: "Type a sequence", symbols: [""], least: 1, most: 1, onChange });
    this.element = this.#field.element;
  }

  /**
   * @param {import("../../types/pictures.js").Facts} facts of a probe of sequences
   * @param {unknown} source the symbols as a person would type them
   * @param {string | null} text the typed sequence that is shown; null for an example of the data
   */
  show(facts, source, text) {
    const { symbols, marked, most, pair } = alphabetOf(facts);
    const read = Array.isArray(source) ? source.map(String) : [];
    const key = JSON.stringify([symbols, marked, most, pair, text === null ? read : null]);
    if (key === this.#shown) return;
    const first = this.#shown === "";
    this.#shown = key;
    this.#field.set({ symbols, marked, most, pair, label: `Type a sequence, ${lengthText({ symbols, marked, most, pair })}` });
    // Typed text stays as written, and is accepted if it has become valid only now.
    if (this.#field.retry() || this.#field.correcting) return;
    if (first || text === null) this.#field.show(read);
  }
}
