/**
 * The line below the network: what the layer or unit looked at computes, with its numbers.
 *
 * @typedef {import("./topology.js").Column} Column
 * @typedef {{name: string, latex: string, facts: string}} Line
 */
import katex from "katex";

const PATIENCE = 250; // KaTeX is too slow, and the eye too, for thirty formulas a second

export class FormulaBar {
  #name = document.createElement("span");
  #formula = document.createElement("span");
  #facts = document.createElement("span");
  #shown = "";
  /** @type {Line | null} */ #next = null;
  #last = 0;
  #timer = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    host.className = "formula-bar";
    this.#name.className = "formula-name";
    this.#formula.className = "formula";
    this.#facts.className = "formula-facts";
    host.append(this.#name, this.#formula, this.#facts);
  }

  /** At once where something else is looked at; its numbers alone wait. @param {Line} line */
  show(line) {
    this.#next = line;
    const left = this.#last + PATIENCE - performance.now();
    if (line.name !== this.#name.textContent || left <= 0) this.#draw();
    else if (!this.#timer) this.#timer = window.setTimeout(() => this.#draw(), left);
  }

  #draw() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#last = performance.now();
    const line = this.#next;
    if (!line) return;
    this.#name.textContent = line.name;
    this.#facts.textContent = line.facts;
    if (line.latex === this.#shown) return;
    this.#shown = line.latex;
    katex.render(line.latex, this.#formula, { throwOnError: false });
  }
}
