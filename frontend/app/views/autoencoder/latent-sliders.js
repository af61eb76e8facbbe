/** The sliders for the numbers of the code, with the information of each about an image. */

import { format } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {{name: HTMLElement, slider: HTMLInputElement, value: HTMLElement, kl: HTMLElement}} Row */

const TICKS = 200;

export class LatentSliders {
  #list = element("div", { class: "latent-rows" });
  #unit = element("span", { class: "caption" });
  element = element(
    "div",
    { class: "latent-sliders", role: "group", "aria-label": "Numbers of the code z" },
    element("div", { class: "latent-head" }, element("h3", { class: "figure-title" }, "Code z"), this.#unit),
    this.#list,
  );
  /** @type {Row[]} */
  #rows = [];
  /** @type {number[]} */
  #z = [];
  /** @type {[number, number][]} */
  #ranges = [];
  /** @type {number | null} */
  #dragged = null;
  #onChange;

  /** @param {(z: number[]) => void} onChange called while a slider is dragged */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Shows the decoded code, and the range of each of its numbers. @param {Facts} facts */
  show({ z, reach }) {
    if (!Array.isArray(z) || !Array.isArray(reach)) return;
    this.#z = z.map(Number);
    this.#ranges = reach.map((ends) => (Array.isArray(ends) ? [Number(ends[0]), Number(ends[1])] : [-1, 1]));
    while (this.#rows.length < reach.length) this.#add();
    while (this.#rows.length > reach.length) this.#rows.pop()?.name.parentElement?.remove();
    this.#rows.forEach((row, i) => {
      const value = this.#z[i] ?? 0;
      // A slider that is being dragged is not moved.
      if (i !== this.#dragged) this.#place(row, i, value);
      setText(row.value, written(value));
    });
  }

  /**
   * Shows the information of each dimension about an image.
   * @param {ArrayLike<number>} kl nats
   * @param {number[]} collapsed dimensions without information, from 1
   */
  setKl(kl, collapsed) {
    setText(this.#unit, "KL, nats");
    this.#rows.forEach(({ name, kl: cell }, i) => {
      const value = kl[i];
      setText(cell, value === undefined ? "" : format(value));
      name.parentElement?.classList.toggle("collapsed", collapsed.includes(i + 1));
    });
  }

  #add() {
    const at = this.#rows.length;
    const name = element("span", { class: "caption" }, `z${at + 1}`);
    const slider = element("input", {
      type: "range",
      class: "slider",
      min: "0",
      max: String(TICKS),
      step: "1",
      "aria-label": `z${at + 1}`,
    });
    const value = element("output", { class: "number caption" });
    const kl = element("span", { class: "number caption latent-kl" });
    const row = { name, slider, value, kl };
    slider.addEventListener("input", () => this.#drag(at, Number(slider.value)));
    slider.addEventListener("change", () => (this.#dragged = null));
    // Arrow keys belong to the slider here, not to the run's steps.
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    this.#rows.push(row);
    this.#list.append(element("label", { class: "latent-row" }, name, slider, value, kl));
  }

  /** @param {number} at @param {number} tick */
  #drag(at, tick) {
    const [low, high] = this.#ranges[at] ?? [-1, 1];
    const value = Number((low + ((high - low) * tick) / TICKS).toFixed(3));
    this.#dragged = at;
    this.#z = this.#z.map((own, i) => (i === at ? value : own));
    const row = this.#rows[at];
    if (row) {
      this.#fill(row, tick);
      setText(row.value, written(value));
    }
    this.#onChange(this.#z);
  }

  /** @param {Row} row @param {number} at @param {number} value */
  #place(row, at, value) {
    const [low, high] = this.#ranges[at] ?? [-1, 1];
    const tick = Math.round((TICKS * (value - low)) / (high - low || 1));
    if (Number(row.slider.value) !== tick) row.slider.value = String(tick);
    this.#fill(row, Math.min(TICKS, Math.max(0, tick)));
  }

  /** @param {Row} row @param {number} tick */
  #fill({ slider, value }, tick) {
    slider.style.setProperty("--fill", String(tick / TICKS));
    slider.setAttribute("aria-valuetext", value.textContent);
  }
}

/** @param {number} value */
const written = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
