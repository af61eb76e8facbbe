/** Continuations: a beginning that one types, a temperature, and what the network writes after it. */

import { SequenceField } from "../inputs/sequence.js";
import { format } from "../marks/scales.js";
import { element, say } from "../panels/element.js";
import { PictureView } from "../panels/picture.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Facts} Facts */

const SLOW = 4;
const TEMPERATURE = { most: 2, step: 0.1, first: 0.7 };

export class Continuations {
  #view;
  /** @type {string[]} */
  #symbols = [];
  #texts = element("ol", { class: "continued" });
  #field = new SequenceField({
    label: "It begins with",
    symbols: [""],
    least: 1,
    most: 200,
    onChange: (tokens) =>
      this.#view.set({ prompt: tokens.map((token) => this.#symbols[token]).join("") }),
  });
  #root;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   * @param {string[]} symbols the alphabet; none of real numbers
   * @param {number} example which test sequence is forecast
   */
  constructor(host, context, symbols, example) {
    this.#symbols = symbols;
    this.#field.set({ symbols });
    const again = element("button", { type: "button", class: "button small" }, "Write again");
    let seed = 0;
    again.addEventListener("click", () => this.#view.set({ seed: ++seed }));
    const head = element("div", { class: "try-line" }, this.#field.element, this.#temperature(), again);
    const place = element("div", { class: "continued-next" });
    this.#root = element("div", { class: "continued-all" });
    if (symbols.length > 0) this.#root.append(head, this.#texts);
    this.#root.append(place);
    host.append(this.#root);
    this.#view = new PictureView(place, context, {
      id: "middle",
      probe: "continuations",
      options: symbols.length > 0 ? { temperature: TEMPERATURE.first } : { example },
      fps: SLOW,
      ...(symbols.length > 0 && { height: 230, facts: false }),
      onPaint: ({ facts }) => this.#show(facts),
    });
  }

  close() {
    this.#view.close();
    this.#root.remove();
  }

  /** @param {Facts} facts */
  #show(facts) {
    const { prompt, texts } = facts;
    if (typeof prompt !== "string" || !Array.isArray(texts)) return;
    if (!this.#field.element.contains(document.activeElement)) {
      this.#field.show([...prompt].map((symbol) => this.#symbols.indexOf(symbol)));
    }
    while (this.#texts.children.length < texts.length) {
      this.#texts.append(element("li", {}, element("span", { class: "third" }), element("b")));
    }
    texts.forEach((text, row) => {
      const [before, after] = this.#texts.children[row]?.children ?? [];
      if (before) say(before, prompt);
      if (after) say(after, String(text));
    });
  }

  #temperature() {
    const { most, step, first } = TEMPERATURE;
    const value = element("output", { class: "number" }, format(first));
    const slider = element("input", {
      type: "range", class: "slider", min: "0", max: String(most), step: String(step),
      value: String(first), "aria-label": "Temperature",
    });
    const fill = () => slider.style.setProperty("--fill", String(Number(slider.value) / most));
    slider.addEventListener("input", () => {
      fill();
      say(value, format(Number(slider.value)));
      this.#view.set({ temperature: Number(slider.value) });
    });
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    fill();
    const label = element("span", { class: "caption" }, "Temperature ", value);
    return element("label", { class: "temperature" }, label, slider);
  }
}
