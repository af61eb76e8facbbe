/** Renders formulas in lit templates. KaTeX writes into the element, as the page's policy requires. */

import katex from "katex";
import { nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";

class Formula extends Directive {
  /** @type {string | null} */
  #shown = null;

  /** @param {string} _latex */
  render(_latex) {
    return nothing;
  }

  /**
   * @param {import("lit-html/directive.js").ElementPart} part
   * @param {[string]} args
   * @override
   */
  update(part, [latex]) {
    if (latex !== this.#shown) typeset(/** @type {HTMLElement} */ (part.element), latex);
    this.#shown = latex;
    return nothing;
  }
}

/** Used on an element: `<span ${formula("\\eta")}></span>`. */
export const formula = directive(Formula);

/**
 * @param {HTMLElement} element
 * @param {string} latex
 */
export function typeset(element, latex) {
  // Screen readers read the MathML beside the drawn formula.
  katex.render(latex, element, { throwOnError: false, output: "htmlAndMathml", trust: false });
}
