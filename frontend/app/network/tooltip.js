/** A short text beside the pointer: the weight or bias under it. */
import { placeBeside } from "./floating.js";

export class Tooltip {
  #host = document.createElement("div");
  #value = document.createElement("b");
  #words = document.createElement("span");
  #hint = document.createElement("span");

  /** @param {HTMLElement} over */
  constructor(over) {
    this.over = over;
    this.#host.className = "net-tooltip floating";
    this.#host.hidden = true;
    this.#hint.className = "hint";
    this.#host.append(this.#value, this.#words, this.#hint);
    over.append(this.#host);
  }

  /** @param {{x: number, y: number} | null} place */
  show(place) {
    this.#host.hidden = place === null;
    if (place) placeBeside(this.#host, this.over, { ...place, size: 8 });
  }

  /** @param {string} value @param {string} words @param {string} hint */
  setText(value, words, hint) {
    this.#value.textContent = value;
    this.#words.textContent = words;
    this.#hint.textContent = hint;
  }
}
