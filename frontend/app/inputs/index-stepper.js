/** An index with buttons for the previous and the next: "Test image 17". */

import { element, setText } from "../panels/element.js";

/**
 * @typedef {object} StepperConfig
 * @property {string} label the name of the items
 * @property {number} count the number of items; Infinity if unknown
 * @property {number} [value]
 * @property {number} [first] what the first item is called (default 0); values and `count` do not change
 * @property {(value: number) => void} onChange
 */

export class IndexStepper {
  #label = element("span", { class: "caption" });
  #input = element("input", { type: "text", inputmode: "numeric", class: "typed number", size: "4" });
  #previous = element("button", { type: "button", class: "icon-button small" }, "◂");
  #next = element("button", { type: "button", class: "icon-button small" }, "▸");
  #problem = element("p", { class: "problem", role: "alert", hidden: true });
  element = element(
    "div",
    { class: "stepper", role: "group" },
    element("label", {}, this.#label, this.#input),
    this.#previous,
    this.#next,
    this.#problem,
  );
  #config;
  value;

  /** @param {StepperConfig} config */
  constructor(config) {
    this.#config = config;
    this.value = config.value ?? 0;
    this.#name(config.label);
    this.#previous.addEventListener("click", () => this.#go(this.value - 1));
    this.#next.addEventListener("click", () => this.#go(this.value + 1));
    this.#input.addEventListener("change", () => {
      const typed = parseIndex(this.#input.value, this.#config.count, config.first);
      if (typeof typed === "number") this.#go(typed);
      else this.#showProblem(typed);
    });
    this.#input.addEventListener("input", () => this.#showProblem(""));
    this.#input.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
      if (by) {
        event.preventDefault();
        this.#go(this.value + by);
      }
      if (event.key === "Enter") this.#input.blur();
      event.stopPropagation();
    });
    this.#write(this.value);
  }

  /** @param {Partial<StepperConfig>} changes */
  set(changes) {
    this.#config = { ...this.#config, ...changes };
    if (changes.label) this.#name(changes.label);
    if (changes.value !== undefined) this.show(changes.value);
  }

  /** Shows a number without notifying `onChange`. @param {number} value */
  show(value) {
    this.value = value;
    this.#write(value);
    this.#showProblem("");
  }

  /** @param {number} value */
  #write(value) {
    this.#input.value = String(value + (this.#config.first ?? 0));
  }

  /** @param {string} label */
  #name(label) {
    setText(this.#label, label);
    this.element.setAttribute("aria-label", label);
    this.#previous.setAttribute("aria-label", `${label}: previous`);
    this.#next.setAttribute("aria-label", `${label}: next`);
  }

  /** @param {string} text */
  #showProblem(text) {
    setText(this.#problem, text);
    this.#problem.hidden = text === "";
    this.#input.setAttribute("aria-invalid", String(text !== ""));
  }

  /** Goes to an index; wraps around at both ends. @param {number} wanted */
  #go(wanted) {
    const value = wrapIndex(wanted, this.#config.count);
    this.#write(value);
    this.#showProblem("");
    if (value === this.value) return;
    this.value = value;
    this.#config.onChange(value);
  }
}

/**
 * A typed index; unlike a step past the end, it does not wrap around.
 * @param {string} text
 * @param {number} count
 * @param {number} [first] what the first item is called
 * @returns {number | string} the index, or the error
 */
export function parseIndex(text, count, first = 0) {
  const digits = text.trim();
  const value = Number(digits) - first;
  if (/^\d+$/.test(digits) && value >= 0 && value < count && Number.isSafeInteger(value)) return value;
  const last = count - 1 + first;
  return `Give a whole number ${Number.isFinite(count) ? `from ${first} to ${last}` : `of at least ${first}`}.`;
}

/**
 * @param {number} value
 * @param {number} count
 */
export function wrapIndex(value, count) {
  if (!Number.isFinite(count)) return Math.max(0, value);
  return count > 0 ? ((value % count) + count) % count : 0;
}
