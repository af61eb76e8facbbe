/**
 * Continuations: a typed beginning, a temperature, and the text that the model writes after it; for real
 * numbers the forecast of a test sequence.
 */

import { lengthText, SequenceField } from "../../inputs/sequence-field.js";
import { format } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { alphabetOf, selectedSequence } from "./selected-sequence.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Facts} Facts */

const SLOW_FPS = 4;
const TEMPERATURE = { most: 2, step: 0.1, first: 0.7 };

export class Continuations {
  #shown = "";
  #texts = element("ol", { class: "continuations" });
  #field = new SequenceField({
    label: "Prompt",
    symbols: [""],
    least: 1,
    most: 1,
    onChange: (prompt) => this.#view.set({ prompt }),
  });
  #root = element("div", { class: "continuations-panel" });
  #view;

  /**
   * @param {HTMLElement} host
   * @param {Context} context
   * @param {boolean} words whether symbols are written, rather than numbers forecast
   */
  constructor(host, context, words) {
    const again = element("button", { type: "button", class: "button small" }, "Generate again");
    let seed = 0;
    again.addEventListener("click", () => this.#view.set({ seed: ++seed }));
    if (words) {
      const head = element("div", { class: "sequence-controls" }, this.#field.element, this.#temperature(), again);
      this.#root.append(head, this.#texts);
    }
    const place = element("div", { class: "continuations-next" });
    this.#root.append(place);
    host.append(this.#root);
    this.#view = new PictureView(place, context, {
      id: "middle",
      probe: "continuations",
      options: words ? { temperature: TEMPERATURE.first } : { example: selectedSequence.peek().example },
      fps: SLOW_FPS,
      ...(words ? { height: 230, facts: false } : { fit: true, facts: forecastFacts }),
      onPaint: ({ facts }) => this.#show(facts),
    });
  }

  /** Forecasts another test sequence. @param {number} example */
  setExample(example) {
    this.#view.set({ example });
  }

  close() {
    this.#view.close();
    this.#root.remove();
  }

  /** @param {Facts} facts */
  #show(facts) {
    const { prompt, texts } = facts;
    const right = typeof facts["right"] === "string" ? [...facts["right"]] : null;
    if (typeof prompt !== "string" || !Array.isArray(texts)) return;
    const { symbols, most, pair } = alphabetOf(facts);
    const key = JSON.stringify([symbols, most, pair]);
    if (key !== this.#shown) {
      this.#shown = key;
      const what = right ? "Source" : "Prompt";
      this.#field.set({ symbols, most, pair, label: `${what}, ${lengthText({ symbols, most, pair })}` });
    }
    if (!this.#field.element.contains(document.activeElement)) {
      const typed = pair && prompt.endsWith(pair.separator) ? prompt.slice(0, -1) : prompt;
      this.#field.show([...typed]);
    }
    while (this.#texts.children.length < texts.length) {
      this.#texts.append(
        element("li", {}, element("span", { class: "third" }), element("b"), element("small", { class: "caption" })),
      );
    }
    texts.forEach((text, row) => {
      const [before, after, score] = this.#texts.children[row]?.children ?? [];
      if (before) setText(before, prompt);
      if (after) writeSymbols(after, [...String(text)], right);
      if (score) setText(score, right ? scoreOf([...String(text)], right) : "");
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
      setText(value, Number(slider.value).toFixed(1));
      this.#view.set({ temperature: Number(slider.value) });
    });
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    fill();
    const label = element("span", { class: "caption" }, "Temperature ", value);
    return element("label", { class: "temperature" }, label, slider);
  }
}

/**
 * Writes the model's symbols one by one; in an answer, wrong ones are marked.
 * @param {Element} host
 * @param {string[]} symbols
 * @param {string[] | null} right
 */
function writeSymbols(host, symbols, right) {
  if (!right) return setText(host, symbols.join(""));
  host.replaceChildren(
    ...symbols.map((symbol, place) =>
      element("span", symbol === right[place] ? {} : { class: "wrong-symbol" }, symbol),
    ),
  );
}

/** @param {string[]} symbols @param {string[]} right */
export function scoreOf(symbols, right) {
  const count = symbols.filter((symbol, place) => symbol === right[place]).length;
  return count === right.length ? "right" : `${count} of ${right.length} right; the answer is ${right.join("")}`;
}

/** The facts of a forecast. @param {Facts} facts of the probe @returns {import("../../panels/facts-row.js").Fact[]} */
function forecastFacts({ mse, given }) {
  if (typeof mse !== "number") return [];
  const tip = `Over all values after the ${String(given)} that are given.`;
  return [{ label: "MSE of the forecast", value: format(mse), tip }];
}
