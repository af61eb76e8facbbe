/**
 * The bar below the network: the formula of the inspected layer or unit, with its numbers.
 *
 * @typedef {import("./topology.js").Column} Column
 * @typedef {{name: string, latex: string, facts: string}} Line
 */
import katex from "katex";

const UPDATE_INTERVAL = 250; // ms: KaTeX is too slow for thirty formulas a second, and nobody could read them

export class FormulaBar {
  #name = document.createElement("span");
  #formula = document.createElement("span");
  #facts = document.createElement("span");
  #shown = "";
  /** @type {Line | null} */ #pending = null;
  #drawnAt = 0;
  #timer = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    host.className = "formula-bar";
    this.#name.className = "formula-name";
    this.#formula.className = "formula";
    this.#facts.className = "formula-facts";
    host.append(this.#name, this.#formula, this.#facts);
  }

  /** Shows a line: at once if its subject changes; changed numbers alone are delayed. @param {Line} line */
  show(line) {
    this.#pending = line;
    const delay = this.#drawnAt + UPDATE_INTERVAL - performance.now();
    if (line.name !== this.#name.textContent || delay <= 0) this.#draw();
    else if (!this.#timer) this.#timer = window.setTimeout(() => this.#draw(), delay);
  }

  #draw() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#drawnAt = performance.now();
    const line = this.#pending;
    if (!line) return;
    this.#name.textContent = line.name;
    this.#facts.textContent = line.facts;
    if (line.latex === this.#shown) return;
    this.#shown = line.latex;
    katex.render(line.latex, this.#formula, { throwOnError: false });
  }
}
