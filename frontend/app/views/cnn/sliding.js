/** Animates the kernel over the image, place by place and row by row. */

import { element, setText } from "../../panels/element.js";

/** @typedef {{row: number, column: number}} Place */

/** The time between moves, in ms. */
const PACE = 350;

export class Sliding {
  #button = element("button", { type: "button", class: "button small" });
  #timer = 0;
  #next;

  /** @param {() => void} next moves on by one place */
  constructor(next) {
    this.#next = next;
    this.#button.addEventListener("click", () => this.run(!this.#timer));
    this.run(false);
  }

  get element() {
    return this.#button;
  }

  /** @param {boolean} on */
  run(on) {
    window.clearInterval(this.#timer);
    this.#timer = on ? window.setInterval(this.#next, PACE) : 0;
    this.#button.setAttribute("aria-pressed", String(on));
    setText(this.#button, on ? "Stop" : "Slide");
  }
}

/**
 * The place after another in a grid of rows and columns; the first after the last.
 * @param {Place | null} at
 * @param {number} rows
 * @param {number} columns
 * @returns {Place}
 */
export function placeAfter(at, rows, columns) {
  const now = at ? at.row * columns + at.column : -1;
  const next = (now + 1) % (rows * columns);
  return { row: Math.floor(next / columns), column: next % columns };
}
