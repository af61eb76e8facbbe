/** Shows what the optimizer makes of one entry of a parameter, line by line. */

import { count, format } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";
import { plainNumbers } from "../../panels/equation/numerals.js";
import { setFormula, setMixed } from "../../panels/equation/typeset.js";
import { parameterLatex } from "./parameter-name.js";

/** @typedef {{symbol: string, formula: string, numbers: string, value: number | null}} Line */
/** @typedef {import("../../types/pictures.js").Facts} Facts */

const COMPILED =
  "Numbers of tensor operations. This run trains in machine code: its next step differs from them by rounding.";

export class UpdateTable {
  #title = element("h3", { class: "equation-title", "aria-level": "2" });
  #note = element("span", { class: "caption number" });
  #select = element("select", { "aria-label": "Parameter" });
  #lines = element("div", { class: "update-lines", role: "table", "aria-label": "The update, line by line" });
  #arithmetic = element("p", { class: "caption" });
  element = element(
    "section",
    { class: "equation update", "aria-label": "The update" },
    element("header", { class: "equation-head" }, this.#title, this.#note, element("label", { class: "select" }, this.#select)),
    this.#lines,
    this.#arithmetic,
  );
  #names = "";

  /** @param {(parameter: string) => void} choose */
  constructor(choose) {
    this.#select.addEventListener("change", () => choose(this.#select.value));
  }

  /**
   * @param {Facts} facts
   * @param {string} optimizer its name
   */
  show(facts, optimizer) {
    const lines = Array.isArray(facts["lines"]) ? /** @type {Line[]} */ (/** @type {unknown} */ (facts["lines"])) : [];
    this.element.hidden = lines.length === 0;
    if (!lines.length) return;
    const name = String(facts["parameter"]);
    const index = /** @type {number[]} */ (facts["index"] ?? []);
    setMixed(this.#title, `What ${optimizer} makes of $${parameterLatex(name, index)}$`);
    setText(this.#note, `step ${count(Number(facts["step"]))}`);
    setText(this.#arithmetic, facts["arithmetic"] === "compiled" ? COMPILED : "Numbers of this run's own arithmetic: tensors.");
    this.#showNames(/** @type {string[]} */ (facts["parameters"] ?? []), name);
    while (this.#lines.children.length > lines.length) this.#lines.lastElementChild?.remove();
    while (this.#lines.children.length < lines.length) this.#lines.append(emptyLine());
    lines.forEach((line, i) => fillLine(/** @type {HTMLElement} */ (this.#lines.children[i]), line));
  }

  /** @param {string[]} names @param {string} chosen */
  #showNames(names, chosen) {
    const key = JSON.stringify(names);
    if (key !== this.#names) {
      this.#names = key;
      this.#select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    }
    this.#select.value = chosen;
  }
}

const emptyLine = () =>
  element(
    "div",
    { class: "update-line", role: "row" },
    element("span", { class: "update-symbol", role: "rowheader" }),
    element("span", { class: "update-formula", role: "cell" }),
    element("span", { class: "update-numbers number", role: "cell" }),
    element("span", { class: "update-value number", role: "cell" }),
  );

/** @param {HTMLElement} row @param {Line} line */
function fillLine(row, { symbol, formula, numbers, value }) {
  const [name, written, inNumbers, result] = /** @type {HTMLElement[]} */ ([...row.children]);
  if (!name || !written || !inNumbers || !result) return;
  setFormula(name, symbol);
  setFormula(written, `= ${formula}`);
  const text = plainNumbers(numbers);
  if (text === null) setFormula(inNumbers, `= ${numbers}`);
  else setMixed(inNumbers, `= ${text}`);
  setText(result, format(value));
}
