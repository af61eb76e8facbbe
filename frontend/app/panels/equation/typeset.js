/** Sets formulas and texts, each only if it differs from what is shown: a formula takes a fraction of a millisecond. */

import katex from "katex";

/** What each element shows. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/** @param {Element} element @param {string} content @returns {boolean} whether it has to be set */
function differs(element, content) {
  if (shown.get(element) === content) return false;
  shown.set(element, content);
  return true;
}

/** @param {HTMLElement} element @param {string} latex */
export function setFormula(element, latex) {
  if (!differs(element, `$${latex}$`)) return;
  // Screen readers read the MathML beside the drawn formula.
  katex.render(latex, element, { throwOnError: false, output: "htmlAndMathml", trust: false });
}

/**
 * The parts of a text with LaTeX between dollar signs.
 * @param {string} text
 * @returns {{latex: boolean, text: string}[]} without empty parts
 */
export const partsOf = (text) =>
  text
    .split("$")
    .map((part, i) => ({ latex: i % 2 === 1, text: part }))
    .filter((part) => part.text !== "");

/**
 * Sets a text with LaTeX between dollar signs.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setMixed(element, text) {
  if (!differs(element, text)) return;
  element.replaceChildren(
    ...partsOf(text).map((part) => {
      if (!part.latex) return document.createTextNode(part.text);
      const place = document.createElement("span");
      setFormula(place, part.text);
      return place;
    }),
  );
}
