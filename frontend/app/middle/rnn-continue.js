/**
 * Continuations: a beginning that one types, a temperature, and what the model writes after it; of
 * real numbers the forecast of a test sequence.
 */

import { SequenceField } from "../inputs/sequence.js";
import { format } from "../marks/scales.js";
import { element, say } from "../panels/element.js";
import { PictureView } from "../panels/picture.js";
import { alphabetOf, chosen } from "./rnn-chosen.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../types/pictures.js").Facts} Facts */
/** @typedef {import("../types/api.js").Spec} Spec */

const SLOW = 4;
const TEMPERATURE = { most: 2, step: 0.1, first: 0.7 };

/**
 * Whether a model's predictions are what it reads next.
 * @param {Spec} spec
 */
export function goesOn({ data, model }) {
  const recurrent = model.kind === "rnn";
  if (data.kind === "waves") return recurrent;
  return data.kind === "characters" && (recurrent || model["form"] === "decoder");
}

export class Continuations {
  /** @type {string[]} */
  #symbols = [];
  #shown = "";
  #texts = element("ol", { class: "continued" });
  #field = new SequenceField({
    label: "It begins with",
    symbols: [""],
    least: 1,
    most: 1,
    onChange: (tokens) =>
      this.#view.set({ prompt: tokens.map((token) => this.#symbols[token]).join("") }),
  });
  #root = element("div", { class: "continued-all" });
  #view;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   * @param {boolean} words whether there are symbols to write, and not numbers to forecast
   */
  constructor(host, context, words) {
    const again = element("button", { type: "button", class: "button small" }, "Write again");
    let seed = 0;
    again.addEventListener("click", () => this.#view.set({ seed: ++seed }));
    if (words) {
      const head = element("div", { class: "try-line" }, this.#field.element, this.#temperature(), again);
      this.#root.append(head, this.#texts);
    }
    const place = element("div", { class: "continued-next" });
    this.#root.append(place);
    host.append(this.#root);
    this.#view = new PictureView(place, context, {
      id: "middle",
      probe: "continuations",
      options: words ? { temperature: TEMPERATURE.first } : { example: chosen.peek().example },
      fps: SLOW,
      ...(words ? { height: 230, facts: false } : { fit: true, facts: forecast }),
      onPaint: ({ facts }) => this.#show(facts),
    });
  }

  /** Another test sequence to forecast. @param {number} example */
  forecast(example) {
    this.#view.set({ example });
  }

  close() {
    this.#view.close();
    this.#root.remove();
  }

  /** @param {Facts} facts */
  #show(facts) {
    const { prompt, texts } = facts;
    if (typeof prompt !== "string" || !Array.isArray(texts)) return;
    const { symbols, most } = alphabetOf(facts);
    const key = JSON.stringify([symbols, most]);
    if (key !== this.#shown) {
      this.#shown = key;
      this.#symbols = symbols;
      this.#field.set({ symbols, most, label: `It begins with, up to ${most} symbols` });
    }
    if (!this.#field.element.contains(document.activeElement)) {
      this.#field.show([...prompt].map((symbol) => symbols.indexOf(symbol)));
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
    const value = element("output", { class: "number" }, first.toFixed(1));
    const slider = element("input", {
      type: "range", class: "slider", min: "0", max: String(most), step: String(step),
      value: String(first), "aria-label": "Temperature",
    });
    const fill = () => slider.style.setProperty("--fill", String(Number(slider.value) / most));
    slider.addEventListener("input", () => {
      fill();
      say(value, Number(slider.value).toFixed(1));
      this.#view.set({ temperature: Number(slider.value) });
    });
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    fill();
    const label = element("span", { class: "caption" }, "Temperature ", value);
    return element("label", { class: "temperature" }, label, slider);
  }
}

/** @param {Facts} facts of a forecast @returns {import("../panels/facts.js").Fact[]} */
function forecast({ mse, given }) {
  if (typeof mse !== "number") return [];
  const tip = `Of all that comes after the ${String(given)} values that are read.`;
  return [{ label: "MSE of the forecast", value: format(mse), tip }];
}
