/** Binds the value of a text field so that rendering the form again does not overwrite typed letters. */

import { nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";

/** Fields with letters that are not applied yet. */
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
      // Runs before the handler that applies the typed text or restores the value.
      for (const end of ["change", "blur"]) field.addEventListener(end, () => typing.delete(field), true);
    }
    if (!typing.has(field) && field.value !== text) field.value = text;
    return nothing;
  }
}

/** Used on a field: `<input ${typed("0.01")}>`. It alone sets the field's `.value`. */
export const typed = directive(Typed);
