/** Binds the value of a text field so that rendering the form again does not overwrite typed letters. */

import { nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";

/** Fields with letters that are not applied yet. */
const editedFields = new WeakSet();

class TextValue extends Directive {
  #listening = false;

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
    if (!this.#listening) {
      this.#listening = true;
      field.addEventListener("input", () => editedFields.add(field));
      // Runs before the handler that applies the typed text or restores the value.
      for (const end of ["change", "blur"]) field.addEventListener(end, () => editedFields.delete(field), true);
    }
    if (!editedFields.has(field) && field.value !== text) field.value = text;
    return nothing;
  }
}

/** Used on a field: `<input ${typed("0.01")}>`. It alone sets the field's `.value`. */
export const textValue = directive(TextValue);
