/** A row of named numbers. */

import { element, say } from "./element.js";

/** @typedef {{label: string, value: string, tip?: string}} Fact */

/** Numbers with their names above, in one row; what changes keeps its place. */
export class FactsRow {
  element = element("dl", { class: "facts" });
  /** @type {{term: HTMLElement, value: HTMLElement}[]} */
  #cells = [];

  /** @param {Fact[]} facts */
  show(facts) {
    while (this.#cells.length < facts.length) {
      const term = element("dt", { class: "caption" });
      const value = element("dd", { class: "number" });
      this.element.append(element("div", {}, term, value));
      this.#cells.push({ term, value });
    }
    this.#cells.forEach(({ term, value }, i) => {
      const fact = facts[i];
      term.parentElement?.toggleAttribute("hidden", !fact);
      if (!fact) return;
      say(term, fact.label);
      say(value, fact.value);
      value.dataset["size"] = sizeOf(fact.value);
      if (fact.tip) term.setAttribute("data-tip", fact.tip);
      else term.removeAttribute("data-tip");
    });
  }
}

/**
 * A quarter of the panel holds seven large digits: longer numbers are set smaller, in full.
 * @param {string} value
 */
export function sizeOf(value) {
  return value.length <= 7 ? "large" : value.length <= 9 ? "medium" : "small";
}
