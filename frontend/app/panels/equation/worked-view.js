/**
 * Shows how one entry of a result came about, in rows under one another: symbols, numbers, values. A sum of many
 * terms goes on in further lines; a single term stands in one line.
 */

import { palette } from "../../marks/colors.js";
import { element, setText } from "../element.js";
import { fewTerms } from "./crop.js";
import { cellText, colorIndex, plainNumbers } from "./numerals.js";
import { css } from "./operand-view.js";
import { scalesOf } from "./reading.js";
import { setFormula, setMixed } from "./typeset.js";

/** @typedef {import("../../types/pictures.js").Worked} Worked */
/** @typedef {import("./reading.js").Scale} Scale */

/** A column of the rows: a term, or the entry itself. */
class Part {
  #symbols = element("span", { class: "worked-symbols" });
  #numbers = element("span", { class: "worked-numbers number" });
  #value = element("span", { class: "worked-value number" });
  element;

  /** @param {"button" | "span"} tag of what can be pressed, and of what cannot */
  constructor(tag) {
    this.element = element(tag, { class: "worked-part", type: tag === "button" && "button" }, this.#symbols, this.#numbers, this.#value);
  }

  /** @param {string} symbols @param {string} numbers @param {number} value @param {string} color */
  show(symbols, numbers, value, color) {
    setFormula(this.#symbols, large(symbols));
    const text = plainNumbers(numbers);
    if (text === null) setFormula(this.#numbers, large(numbers));
    else setMixed(this.#numbers, text);
    setText(this.#value, cellText(value));
    this.#value.style.backgroundColor = color;
  }
}

export class WorkedView {
  element = element("div", { class: "worked", role: "group" });
  #entry = new Part("span");
  /** @type {Part[]} */
  #terms = [];
  /** The shown terms. @type {readonly import("../../types/pictures.js").Term[]} */
  terms = [];
  /** Whether all terms of a long sum are shown. */
  #all = false;
  /** @type {import("../../types/pictures.js").EquationMark | null} */
  #equation = null;
  #shape = "";
  #point;
  /** The term whose cells stay framed. */
  #pinned = -1;

  /** @param {(term: number | null) => void} point called with the term that is pointed at or focused */
  constructor(point) {
    this.#point = point;
    this.#entry.element.classList.add("entry");
    this.element.addEventListener("pointerover", ({ target }) => point(this.#indexOf(target) ?? this.#kept()));
    this.element.addEventListener("pointerleave", () => point(this.#kept()));
    this.element.addEventListener("focusin", ({ target }) => point(this.#indexOf(target) ?? this.#kept()));
    this.element.addEventListener("focusout", () => point(this.#kept()));
    this.element.addEventListener("click", ({ target }) => this.#pin(this.#indexOf(target)));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {import("../../types/pictures.js").EquationMark} equation */
  show(equation) {
    const { worked } = equation;
    this.#equation = equation;
    this.element.hidden = worked === null;
    this.terms = [];
    if (!worked) return;
    const { terms, others } = worked.joined === "+" && !this.#all ? fewTerms(worked.terms) : { terms: worked.terms, others: 0 };
    this.terms = terms;
    this.element.classList.toggle("shortened", others > 0);
    const { joined, value, symbol, row, column } = worked;
    const shape = JSON.stringify([terms.length, joined, row, column]);
    if (shape !== this.#shape) this.#build(shape, terms.length, joined);
    this.element.setAttribute("aria-label", `The entry in row ${row + 1}, column ${column + 1}`);
    this.element.classList.toggle("numbered", terms.some(({ numbers }) => numbers !== ""));
    this.element.classList.toggle("single", terms.length === 1);
    const scales = scalesOf(equation, { ...worked, terms: [...terms] });
    this.#entry.show(symbol, "", value, colorOf(value, scales.entry));
    terms.forEach((term, i) => {
      const color = colorOf(term.value, scales.terms[i] ?? scales.entry);
      this.#terms[i]?.show(term.symbols, term.numbers, term.value, color);
    });
  }

  /** @param {string} shape @param {number} count of terms @param {Worked["joined"]} joined */
  #build(shape, count, joined) {
    this.#shape = shape;
    this.#pinned = -1;
    const focused = this.#terms.findIndex((term) => term.element === document.activeElement);
    this.#terms = Array.from({ length: count }, () => new Part("button"));
    this.#terms.forEach(({ element: button }, i) => {
      button.classList.add("term");
      button.tabIndex = i === 0 ? 0 : -1;
      button.setAttribute("aria-pressed", "false");
    });
    const parts = this.#terms.map((term, i) =>
      element("span", { class: "worked-step" }, joint(i === 0 ? "=" : joined), term.element),
    );
    this.element.replaceChildren(this.#entry.element, ...parts);
    this.#terms[focused]?.element.focus();
  }

  /** @param {EventTarget | null} target @returns {number | null} */
  #indexOf(target) {
    const at = this.#terms.findIndex((term) => target instanceof Node && term.element.contains(target));
    return at < 0 ? null : at;
  }

  #kept() {
    return this.#pinned < 0 ? null : this.#pinned;
  }

  /** A press keeps the frames of a term, as a finger cannot point; another press lets them go. @param {number | null} at */
  #pin(at) {
    if (at !== null && at === this.terms.length - 1 && this.element.classList.contains("shortened")) {
      this.#all = true;
      if (this.#equation) this.show(this.#equation);
      return;
    }
    this.#pinned = at === null || at === this.#pinned ? -1 : at;
    this.#terms.forEach((term, i) => term.element.setAttribute("aria-pressed", String(i === this.#pinned)));
    this.#point(this.#kept());
  }

  /** Arrow keys move from term to term. @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = this.#indexOf(event.target);
    if (!by || at === null) return;
    event.preventDefault();
    const next = this.#terms[at + by];
    if (!next) return;
    for (const { element: one } of this.#terms) one.tabIndex = one === next.element ? 0 : -1;
    next.element.focus();
  }
}

/** Fractions in their full size: those of a line of text are hard to read. @param {string} latex */
const large = (latex) => (latex.includes("\\frac") ? `\\displaystyle ${latex}` : latex);

/** @param {string} text @returns {HTMLElement} what stands between terms, in each row */
function joint(text) {
  const rows = ["symbols", "numbers", "value"].map((row) => element("span", { class: `worked-${row}` }, text));
  return element("span", { class: "worked-joint", "aria-hidden": "true" }, ...rows);
}

/** @param {number} value @param {Scale} scale */
function colorOf(value, { colors, peak }) {
  if (Number.isNaN(value)) return "";
  return css(palette().table(colors)[colorIndex(value, { colors, peak, pixels: false })] ?? 0);
}
