/**
 * Shows an equation: its formula, its matrices with their numbers, and below them one entry of the result worked
 * out. A click on an entry, or an arrow key, asks for that one.
 */

import { onTheme, palette } from "../../marks/colors.js";
import { watchSize } from "../../marks/watch-size.js";
import { element, setText } from "../element.js";
import { cropped } from "./crop.js";
import { densityOf, widestText } from "./numerals.js";
import { OperandView } from "./operand-view.js";
import { entryForKey, operandsOf, resultOf, usedCells } from "./reading.js";
import { setFormula } from "./typeset.js";
import { WorkedView } from "./worked-view.js";

/** @typedef {import("../../types/pictures.js").EquationMark} EquationMark */
/** @typedef {import("../../types/pictures.js").Operand} Operand */
/** @typedef {import("./reading.js").Entry} Entry */

/** Of the equation's sides, with words that are wider than the last matrix, in CSS pixels. */
const MARGIN = 58;
/** Between the matrices and the worked entry beside them. */
const GAP = 32;

export class EquationView {
  #title = element("h3", { class: "equation-title", "aria-level": "2" });
  #formula = element("div", { class: "equation-formula" });
  #items = element("div", { class: "equation-items" });
  #body = element("div", { class: "equation-body" }, this.#items);
  #worked;
  element;
  /** @type {Map<number, OperandView>} */
  #operands = new Map();
  /** @type {Map<number, HTMLElement>} */
  #signs = new Map();
  #shape = "";
  /** @type {EquationMark | null} */
  #equation = null;
  /** The term around which its matrices are shown; null is the largest. @type {number | null} */
  #middle = null;
  /** The term that is pointed at. @type {number | null} */
  #term = null;
  /** An arrow key has asked for another entry, which will have the focus. */
  #follow = false;
  /** The entry that was asked for and has not come yet. @type {Entry | null} */
  #asked = null;
  #room = 0;
  #choose;
  #stops;

  /** @param {(entry: Entry) => void} choose called with the entry to work out */
  constructor(choose) {
    this.#choose = choose;
    this.#worked = new WorkedView((term) => {
      if (term === this.#term) return;
      this.#term = term;
      this.#frame();
    });
    const head = element("header", { class: "equation-head" }, this.#title, this.#formula);
    this.#body.append(this.#worked.element);
    this.element = element("section", { class: "equation" }, head, this.#body);
    this.#items.addEventListener("keydown", (event) => this.#key(event));
    this.#stops = [
      watchSize(this.element, ({ width }) => {
        if (Math.round(width) === this.#room) return;
        this.#room = Math.round(width);
        this.#draw();
      }),
      onTheme(() => this.#draw()),
    ];
  }

  /** @param {EquationMark} equation @param {string} title */
  show(equation, title) {
    this.#equation = equation;
    const { worked } = equation;
    if (this.#middle !== null && worked && !worked.terms[this.#middle]) this.#middle = null;
    if (worked && worked.row === this.#asked?.row && worked.column === this.#asked.column) this.#asked = null;
    setText(this.#title, title);
    this.#title.hidden = title === "";
    this.element.setAttribute("aria-label", title || "Equation");
    setFormula(this.#formula, equation.formula);
    this.#draw();
  }

  /** Whether the focus is in it. */
  get focused() {
    return this.element.contains(document.activeElement);
  }

  close() {
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  #draw() {
    const received = this.#equation;
    if (!received || this.#room < 24) return;
    const room = (this.#room - MARGIN) / palette().scale;
    const equation = cropped(received, room, this.#middle);
    this.#build(equation);
    const shown = operandsOf(equation);
    const { worked, table } = equation;
    const operands = shown.map(({ operand }) => operand);
    const level = densityOf(operands, equation.items.length - operands.length, room, table);
    const widest = Math.max(5, ...operands.filter(({ pixels }) => !pixels).map(({ values }) => widestText(values)));
    const focused = this.#items.contains(document.activeElement);
    /** @type {Set<string>} */
    const moved = new Set();
    for (const { item, operand } of shown) {
      const whole = operand.rows * operand.columns > 1;
      const chosen = item === 0 && worked && whole ? { row: worked.row, column: worked.column } : null;
      const characters = table ? widest : widestText(operand.values);
      this.#operands.get(item)?.show({ equation, received, item, operand, level, characters, moved, chosen });
    }
    equation.items.forEach((one, item) => {
      const sign = this.#signs.get(item);
      if (sign && one.item === "sign") setFormula(sign, one.latex);
    });
    this.#worked.show(equation);
    // A number alone stands where it is worked out.
    this.#items.hidden = worked !== null && operands.every(({ rows, columns }) => rows * columns === 1) && operands.length === 1;
    this.#frame();
    this.#arrange();
    if (this.#follow && focused && worked) {
      this.#follow = false;
      this.#operands.get(0)?.cellAt(worked)?.focus({ preventScroll: true });
    }
  }

  /** Puts the worked entry beside the matrices if there is room, and below them if not. */
  #arrange() {
    this.#body.classList.remove("beside");
    if (this.#worked.element.hidden || this.#items.hidden) return;
    const wanted = this.#items.offsetWidth + this.#worked.element.offsetWidth + GAP * palette().scale;
    this.#body.classList.toggle("beside", wanted <= this.#body.clientWidth);
  }

  /** Makes the places of the items, if others than before. @param {EquationMark} equation */
  #build({ items, table }) {
    const shape = JSON.stringify([items.map(({ item }) => item), table]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#operands.clear();
    this.#signs.clear();
    const parts = items.map((one, item) => {
      if (one.item === "sign") {
        const sign = element("span", { class: "equation-sign" });
        this.#signs.set(item, sign);
        return sign;
      }
      const view = new OperandView((entry) => this.#ask(entry));
      this.#operands.set(item, view);
      return view.element;
    });
    this.#items.classList.toggle("table", table);
    // A table of products has its column at the left and its row above.
    const [result, column, row] = parts;
    this.#items.replaceChildren(...(table && result && column && row ? [column, row, result] : parts));
  }

  /** Frames the entry that is worked out, what its terms use, and what the term pointed at uses. */
  #frame() {
    const { worked } = this.#equation ?? {};
    const pointed = this.#term === null ? undefined : this.#worked.terms[this.#term];
    this.element.classList.toggle("pointed", pointed !== undefined);
    for (const [item, view] of this.#operands) {
      view.frame({
        used: worked ? usedCells(worked.terms, item) : [],
        ...(item === 0 && worked && { worked: [{ row: worked.row, column: worked.column }] }),
        ...(pointed && { term: usedCells([pointed], item) }),
      });
    }
  }

  /** @param {Partial<Entry & {term: number}>} entry */
  #ask({ term, ...entry }) {
    if (term !== undefined) {
      this.#middle = term;
      return this.#draw();
    }
    const worked = this.#equation?.worked;
    if (!worked) return;
    this.#asked = { row: worked.row, column: worked.column, ...entry };
    this.#choose(this.#asked);
  }

  /** Arrow keys move from entry to entry. @param {KeyboardEvent} event */
  #key(event) {
    const worked = this.#equation?.worked;
    const result = this.#equation && resultOf(this.#equation);
    const inside = event.target instanceof Element && event.target.matches('[role="gridcell"]');
    if (!inside || !worked || !result || event.ctrlKey || event.metaKey || event.altKey) return;
    // A key that repeats is quicker than the answers.
    const from = this.#asked ?? worked;
    const next = entryForKey(event.key, from, result);
    if (!next) return;
    event.preventDefault();
    if (next.row === from.row && next.column === from.column) return;
    this.#follow = true;
    this.#ask(next);
  }
}
