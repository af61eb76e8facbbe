/** A row of named numbers. */

import { element, setText } from "./element.js";

/**
 * `of` names the step or part of the number, if it is not the viewed one.
 * @typedef {{label: string, value: string, of?: string, tip?: string}} Fact
 */

/** Numbers with their names above, in one row; changing numbers keep their place. */
export class FactsRow {
  element = element("dl", { class: "facts" });
  /** @type {{term: HTMLElement, name: HTMLElement, of: HTMLElement, value: HTMLElement}[]} */
  #cells = [];

  /** @param {Fact[]} facts */
  show(facts) {
    while (this.#cells.length < facts.length) {
      const name = element("span");
      const of = element("span", { class: "fact-of" });
      const term = element("dt", { class: "caption" }, name, of);
      const value = element("dd", { class: "number" });
      this.element.append(element("div", {}, term, value));
      this.#cells.push({ term, name, of, value });
    }
    this.#cells.forEach(({ term, name, of, value }, i) => {
      const fact = facts[i];
      term.parentElement?.toggleAttribute("hidden", !fact);
      if (!fact) return;
      setText(name, fact.label);
      setText(of, fact.of ? ` ${fact.of}` : "");
      setText(value, fact.value);
      value.dataset["size"] = textSize(fact.value);
      if (fact.tip) term.setAttribute("data-tip", fact.tip);
      else term.removeAttribute("data-tip");
    });
  }
}

/** @param {Fact[]} facts in words */
export const factsText = (facts) =>
  facts.map(({ label, of, value }) => `${label}${of ? ` of ${of}` : ""}: ${value}`).join(", ");

/**
 * A quarter of the panel holds seven large digits: longer numbers are set smaller, unabridged.
 * @param {string} value
 */
export function textSize(value) {
  return value.length <= 7 ? "large" : value.length <= 9 ? "medium" : "small";
}
