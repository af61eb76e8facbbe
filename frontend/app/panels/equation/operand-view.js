/** Shows one operand of an equation: its symbol and size, its cells with numbers, frames around some of them. */

import { palette } from "../../marks/colors.js";
import { element, setText } from "../element.js";
import { cellText, cellWidth, colorIndex, DENSITIES, PIXEL } from "./numerals.js";
import { hiddenSides, rectanglesOf, sizeWords, windowOf, within } from "./reading.js";
import { spoken } from "./spoken.js";
import { setFormula } from "./typeset.js";

/** @typedef {import("../../types/pictures.js").EquationMark} EquationMark */
/** @typedef {import("../../types/pictures.js").Operand} Operand */
/** @typedef {import("./reading.js").Entry} Entry */
/** @typedef {"worked" | "used" | "term"} Frame */

/**
 * @typedef {object} Shown
 * @property {EquationMark} equation as it is shown
 * @property {EquationMark} received with all that there is of its matrices
 * @property {number} item the operand's number among the items
 * @property {Operand} operand
 * @property {number} level of density
 * @property {number} characters of the widest cell
 * @property {Set<string>} moved what other operands have buttons for: sides that follow the same move together
 * @property {Entry | null} chosen the entry that is worked out, if this is the result and its entries can be chosen
 */

/** @typedef {(entry: Partial<Entry & {term: number}>) => void} Choose */

const MOVES = /** @type {const} */ ({
  rows: { before: "▴", after: "▾" },
  columns: { before: "◂", after: "▸" },
});

export class OperandView {
  symbol = element("span", { class: "operand-symbol" });
  #size = element("span", { class: "caption" });
  #note = element("span", { class: "caption operand-note" });
  head = element("figcaption", { class: "operand-head" }, this.symbol, this.#size, this.#note);
  cells = element("div", { class: "operand-cells" });
  sides = element("div", { class: "operand-sides caption" });
  element = element("figure", { class: "operand" }, this.head, this.cells, this.sides);
  /** @type {HTMLElement[][]} */
  #grid = [];
  #shape = "";
  /** @type {Shown | null} */
  #shown = null;
  #choose;

  /** @param {Choose} choose called with the entry to work out, or the term to show */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    const { operand, level, characters, chosen } = shown;
    setFormula(this.symbol, operand.symbol);
    setText(this.#size, sizeWords(operand));
    setText(this.#note, operand.note);
    const { text, height } = DENSITIES[level] ?? { text: 13, height: 30 };
    const { style } = this.cells;
    style.setProperty("--cell", operand.pixels ? `${PIXEL}px` : `${cellWidth(characters, level)}px`);
    style.setProperty("--cell-height", operand.pixels ? `${PIXEL}px` : `${height}px`);
    style.setProperty("--cell-text", `${text}px`);
    this.cells.classList.toggle("pixels", operand.pixels);
    this.#build(operand, chosen !== null);
    this.#fill(operand, chosen);
    this.#showSides(shown);
  }

  /** Frames cells of the whole matrix. @param {{[frame in Frame]?: readonly Entry[]}} frames */
  frame(frames) {
    for (const old of this.cells.querySelectorAll(".cell-frame")) old.remove();
    const shown = this.#shown;
    if (!shown) return;
    const room = windowOf(shown.operand);
    const [down, across] = this.#offsets(shown.operand);
    for (const [kind, cells] of Object.entries(frames)) {
      for (const whole of rectanglesOf(cells ?? [])) {
        const part = within(whole, room);
        if (!part) continue;
        const frame = element("i", { class: `cell-frame ${kind}`, "aria-hidden": "true" });
        frame.style.gridRow = `${part.row - room.row + 1 + down} / span ${part.rows}`;
        frame.style.gridColumn = `${part.column - room.column + 1 + across} / span ${part.columns}`;
        this.cells.append(frame);
      }
    }
  }

  /** The element of an entry; null if it is not shown. @param {Entry} entry */
  cellAt({ row, column }) {
    const { row: first = 0, column: left = 0 } = this.#shown?.operand ?? {};
    return this.#grid[row - first]?.[column - left] ?? null;
  }

  /** @param {Operand} operand @returns {[down: number, across: number]} lines before the cells */
  #offsets({ row_labels, column_labels }) {
    return [column_labels.length ? 1 : 0, row_labels.length ? 1 : 0];
  }

  /** Makes the cells, if others than before. @param {Operand} operand @param {boolean} choosable */
  #build(operand, choosable) {
    const [rows = 0, columns = 0] = operand.values.shape;
    const { row_labels: left, column_labels: above, pixels } = operand;
    const shape = JSON.stringify([rows, columns, left, above, choosable, pixels]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    const [down, across] = this.#offsets(operand);
    this.cells.style.gridTemplateColumns = `${across ? "max-content " : ""}repeat(${columns}, var(--across))`;
    this.cells.setAttribute("role", pixels ? "img" : choosable ? "grid" : "table");
    const role = choosable ? "gridcell" : "cell";
    this.#grid = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => element("span", pixels ? { class: "cell" } : { class: "cell", role })),
    );
    const label = (/** @type {string} */ text, /** @type {"row" | "column"} */ of, /** @type {number} */ at) => {
      const made = element("span", { class: `cell-label ${of}`, role: `${of}header` }, text);
      made.style.gridArea = of === "row" ? `${at + 1 + down} / 1` : `1 / ${at + 1 + across}`;
      return made;
    };
    const head = above.map((text, j) => label(text, "column", j));
    const corner = across && head.length ? [element("span", { role: "cell" })] : [];
    const line = (/** @type {HTMLElement[]} */ cells) =>
      element("div", { class: "cell-row", ...(!pixels && { role: "row" }) }, ...cells);
    this.cells.replaceChildren(
      ...(head.length ? [line([...corner, ...head])] : []),
      ...this.#grid.map((cells, i) => line([...(across ? [label(left[i] ?? "", "row", i)] : []), ...cells])),
    );
    // Frames lie over cells: each needs a place of its own.
    this.#grid.forEach((cells, i) =>
      cells.forEach((cell, j) => {
        cell.style.gridArea = `${i + 1 + down} / ${j + 1 + across}`;
        if (!choosable) return;
        cell.classList.add("choosable");
        cell.addEventListener("click", () => {
          const first = this.#shown?.operand;
          if (first) this.#choose({ row: first.row + i, column: first.column + j });
        });
      }),
    );
  }

  /** @param {Operand} operand @param {Entry | null} chosen */
  #fill(operand, chosen) {
    const { values, colors, pixels } = operand;
    const columns = values.shape[1] ?? 0;
    const table = palette().table(pixels && colors === "sequential" ? "ink" : colors, colors === "classes");
    this.#grid.forEach((cells, i) =>
      cells.forEach((cell, j) => {
        const value = values.data[i * columns + j] ?? NaN;
        const color = Number.isNaN(value) ? "transparent" : css(table[colorIndex(value, operand)] ?? 0);
        if (cell.dataset["color"] !== color) {
          cell.dataset["color"] = color;
          cell.style.backgroundColor = color;
        }
        if (!pixels) setText(cell, cellText(value));
        if (!chosen) return;
        const here = chosen.row === operand.row + i && chosen.column === operand.column + j;
        cell.tabIndex = here ? 0 : -1;
        cell.setAttribute("aria-selected", String(here));
      }),
    );
  }

  /** @param {Shown} shown */
  #showSides({ equation, received, item, operand, moved }) {
    const name = spoken(operand.symbol);
    const sides = hiddenSides(equation, item, received);
    this.cells.setAttribute("aria-label", [name, sizeWords(operand), ...sides.map(({ words }) => words)].join(", "));
    const moving = sides.map(({ follows }) => !moved.has(follows));
    for (const { follows } of sides) moved.add(follows);
    const key = JSON.stringify([sides, moving]);
    if (this.sides.dataset["key"] === key) return;
    this.sides.dataset["key"] = key;
    this.sides.replaceChildren(
      ...sides.map((side, i) => {
        const { words, short, follows } = side;
        if (!moving[i]) return element("span", { class: "operand-side", "aria-hidden": "true" }, short);
        const move = (/** @type {"before" | "after"} */ way) => {
          const button = element(
            "button",
            { type: "button", class: "icon-button small", "aria-label": `${name}: ${side.side} ${way} these` },
            MOVES[side.side][way],
          );
          const at = side[way];
          button.disabled = at === null;
          button.addEventListener("click", () => at !== null && this.#choose({ [follows]: at }));
          return button;
        };
        return element("span", { class: "operand-side" }, element("span", {}, words), move("before"), move("after"));
      }),
    );
  }
}

/** @param {number} pixel as a canvas stores it */
export const css = (pixel) => `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
