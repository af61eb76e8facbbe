/** A numbered step of the picture of a head: its title and formula, lines of cells with labels, and sums beside them. */

import { element, setText } from "../../../panels/element.js";
import { setFormula, setMixed } from "../../../panels/equation/typeset.js";
import { spoken } from "../../../panels/equation/spoken.js";
import { CellRow } from "./cells.js";

/** @typedef {import("./layout.js").Grid} Grid */
/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {{label: string, kind?: string, cells: Cell[], first: number, peak: number}} Line with LaTeX in its label */
/** @typedef {ReturnType<typeof import("./layout.js").partOf>} Part */

export class Step {
  #title = element("h3", { "aria-level": "2" });
  #formula = element("span", { class: "head-formula" });
  #body = element("div", { class: "head-body" });
  #sums = element("div", { class: "head-sums", "aria-live": "off" });
  element = element("section", { class: "head-step" });
  /** @type {Map<string, {label: HTMLElement, row: CellRow}>} */
  #lines = new Map();
  /** @type {Window} */
  window;

  /** @param {number} number @param {string} title @param {string} items what the columns are @param {(first: number) => void} move */
  constructor(number, title, items, move) {
    this.#title.append(element("span", { class: "head-number number" }, String(number)), " ", title);
    this.element.setAttribute("aria-label", title);
    this.window = new Window(items, move);
    this.element.append(element("header", { class: "head-step-head" }, this.#title, this.window.element, this.#formula), element("div", { class: "head-both" }, this.#body, this.#sums));
  }

  /** @param {"done" | "present" | "later"} state @param {string} formula */
  show(state, formula) {
    this.element.dataset["state"] = state;
    if (state === "present") this.element.setAttribute("aria-current", "step");
    else this.element.removeAttribute("aria-current");
    setFormula(this.#formula, formula);
  }

  /**
   * @param {string} id @param {Line | null} line null is none
   * @param {Grid} grid
   * @param {import("./cells.js").Choice} [choice] that the cells are
   * @param {() => void} [press] what a click on the label does
   */
  line(id, line, grid, choice, press) {
    let made = this.#lines.get(id);
    if (!line) {
      made?.label.remove();
      made?.row.element.remove();
      this.#lines.delete(id);
      return;
    }
    if (!made) {
      const label = press ? element("button", { type: "button", tabindex: "-1" }) : element("span");
      if (press) label.addEventListener("click", press);
      made = { label, row: new CellRow("", choice) };
      this.#lines.set(id, made);
      this.#body.append(label, made.row.element);
    }
    made.label.className = `head-label ${line.kind ?? ""}`;
    setMixed(made.label, line.label);
    if (!choice?.stop) made.row.element.setAttribute("aria-label", spoken(line.label));
    made.row.element.className = `head-cells ${line.kind ?? ""}`;
    made.row.element.style.gridColumn = `${grid.narrow ? 1 : 2} / span ${line.cells.length}`;
    made.row.show(line.cells, line.first, line.peak);
  }

  /** Removes lines that are not among some. @param {string} prefix @param {Set<string>} kept */
  only(prefix, kept) {
    for (const id of this.#lines.keys()) {
      if (!id.startsWith(prefix) || kept.has(id)) continue;
      this.#lines.get(id)?.label.remove();
      this.#lines.get(id)?.row.element.remove();
      this.#lines.delete(id);
    }
  }

  /** The order of lines as they stand. @param {readonly string[]} ids */
  order(ids) {
    const wanted = ids.flatMap((id) => {
      const line = this.#lines.get(id);
      return line ? [line.label, line.row.element] : [];
    });
    if (wanted.every((one, i) => this.#body.children[i] === one)) return;
    this.#body.append(...wanted);
  }

  /** @param {readonly {text: string, value?: string, kind?: string}[]} sums texts with LaTeX, and what they are */
  sums(sums) {
    while (this.#sums.children.length > sums.length) this.#sums.lastElementChild?.remove();
    while (this.#sums.children.length < sums.length) this.#sums.append(element("p", {}, element("span"), element("b", { class: "number" })));
    sums.forEach(({ text, value = "", kind = "" }, i) => {
      const line = this.#sums.children[i];
      const [words, number] = line?.children ?? [];
      if (!line || !(words instanceof HTMLElement) || !(number instanceof HTMLElement)) return;
      line.className = kind;
      setMixed(words, text);
      setText(number, value);
      number.hidden = value === "";
    });
  }
}

/** Says which part of a row is shown, and moves it. */
class Window {
  #words = element("span", { class: "number" });
  #before = element("button", { type: "button", class: "icon-button small" }, "◂");
  #after = element("button", { type: "button", class: "icon-button small" }, "▸");
  element = element("span", { class: "head-window caption" }, this.#words, this.#before, this.#after);
  #items;
  /** @type {Part | null} */
  #part = null;

  /** @param {string} items @param {(first: number) => void} move */
  constructor(items, move) {
    this.#items = items;
    this.#before.setAttribute("aria-label", `${items} before these`);
    this.#after.setAttribute("aria-label", `${items} after these`);
    this.#before.addEventListener("click", () => this.#part?.before !== null && this.#part && move(this.#part.before));
    this.#after.addEventListener("click", () => this.#part?.after !== null && this.#part && move(this.#part.after));
  }

  /** @param {Part} part @param {number} whole */
  show(part, whole) {
    this.#part = part;
    this.element.hidden = part.count >= whole;
    setText(this.#words, `${this.#items} ${part.first + 1}–${part.first + part.count} of ${whole}`);
    this.#before.disabled = part.before === null;
    this.#after.disabled = part.after === null;
  }
}
