/** Animates the kernel over the image, place by place and row by row. */

import { element, setText } from "../../panels/element.js";

/** @typedef {{row: number, column: number}} Position */

/** The time between moves, in ms. */
const INTERVAL = 350;

export class KernelAnimation {
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
    this.#timer = on ? window.setInterval(this.#next, INTERVAL) : 0;
    this.#button.setAttribute("aria-pressed", String(on));
    setText(this.#button, on ? "Stop" : "Slide");
  }
}

/**
 * The place after another in a grid of rows and columns; the first after the last.
 * @param {Position | null} at
 * @param {number} rows
 * @param {number} columns
 * @returns {Position}
 */
export function nextPosition(at, rows, columns) {
  const now = at ? at.row * columns + at.column : -1;
  const next = (now + 1) % (rows * columns);
  return { row: Math.floor(next / columns), column: next % columns };
}
