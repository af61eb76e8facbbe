/** Sets a CSS variable of an element through the DOM: style attributes are not allowed. */

import { nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";

class Variable extends Directive {
  /** @param {string} _name @param {string} _value */
  render(_name, _value) {
    return nothing;
  }

  /**
   * @param {import("lit-html/directive.js").ElementPart} part
   * @param {[string, string]} args
   * @override
   */
  update(part, [name, value]) {
    const element = /** @type {HTMLElement} */ (part.element);
    if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
    return nothing;
  }
}

/** Used on an element: `<input ${variable("--fill", "40%")}>`. */
export const variable = directive(Variable);
