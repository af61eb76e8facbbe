/** Formulas in lit templates. KaTeX writes into the element itself: the page's policy wants that. */

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

/** On an element: `<span ${formula("\\eta")}></span>`. */
export const formula = directive(Formula);

/**
 * @param {HTMLElement} element
 * @param {string} latex
 */
export function typeset(element, latex) {
  // MathML beside the drawn formula is what a screen reader reads.
  katex.render(latex, element, { throwOnError: false, output: "htmlAndMathml", trust: false });
}
