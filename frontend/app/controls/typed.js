/** The value of a field that somebody types in: the form may be drawn anew meanwhile, and the letters stay. */

import { nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";

/** Fields with letters that are not taken yet. */
const typing = new WeakSet();

class Typed extends Directive {
  #listens = false;

  /** @param {string} _text */
  render(_text) {
    return nothing;
  }

  /**
   * @param {import("lit-html/directive.js").ElementPart} part
   * @param {[string]} args
   * @override
   */
  update(part, [text]) {
    const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (part.element);
    if (!this.#listens) {
      this.#listens = true;
      field.addEventListener("input", () => typing.add(field));
      // Before the handler that takes what was typed, or puts back what was there.
      for (const end of ["change", "blur"]) field.addEventListener(end, () => typing.delete(field), true);
    }
    if (!typing.has(field) && field.value !== text) field.value = text;
    return nothing;
  }
}

/** On a field: `<input ${typed("0.01")}>`. Its `.value` is left to this. */
export const typed = directive(Typed);
