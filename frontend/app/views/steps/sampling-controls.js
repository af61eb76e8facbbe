/** Sampling: the temperature and the number of likeliest symbols, and each symbol's probability before and after. */

import { format } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";
import * as walk from "./walk.js";

/** @typedef {import("../../types/pictures.js").Picture} Picture */

/**
 * A row for each symbol.
 * @param {Picture} picture
 * @returns {{symbol: string, before: number, after: number}[]} empty at another stage
 */
export function samplingOf({ plots }) {
  const bars = (/** @type {string} */ id) => {
    const mark = plots.find((plot) => plot.id === id)?.marks[0];
    return mark?.kind === "bars" ? mark : null;
  };
  const [before, after] = [bars("plain"), bars("sampled")];
  if (!before || !after) return [];
  return after.labels.map((symbol, i) => ({ symbol, before: before.values.data[i] ?? 0, after: after.values.data[i] ?? 0 }));
}

/** Whether a plot is shown by these controls, and so by no chart. @param {string} id */
export const isOfSampling = (id) => id === "plain" || id === "sampled";

export class SamplingControls {
  #temperature = slider("Temperature", { min: "0", max: "5", step: "0.05" });
  #top = slider("Likeliest symbols, top-k", { min: "1", max: "1", step: "1" });
  #rows = element("tbody");
  element = element(
    "section",
    { class: "sampling", "aria-label": "Sampling", hidden: true },
    element("div", { class: "sampling-sliders" }, this.#temperature.element, this.#top.element),
    element(
      "div",
      { class: "sampling-scroll" },
      element(
        "table",
        { class: "sampling-bars" },
        element("thead", { class: "caption" }, element("tr", {}, ...["symbol", "before", "after"].map((name) => element("th", { scope: "col", ...(name !== "symbol" && { colspan: "2" }) }, name)))),
        this.#rows,
      ),
    ),
  );
  #count = 1;

  constructor() {
    this.#temperature.input.addEventListener("input", () => walk.chooseOther("temperature", Number(this.#temperature.input.value)));
    this.#top.input.addEventListener("input", () => {
      const k = Number(this.#top.input.value);
      walk.chooseOther("top_k", k < this.#count ? k : null);
    });
    // The arrow keys of a slider are not those of the stages.
    for (const { input } of [this.#temperature, this.#top]) input.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
  }

  /** @param {Picture} picture */
  show(picture) {
    const rows = samplingOf(picture);
    this.element.hidden = rows.length === 0;
    if (rows.length === 0) return;
    const { temperature, top_k: top } = picture.facts;
    this.#count = rows.length;
    this.#top.input.max = String(rows.length);
    const tau = Number(temperature ?? 1);
    // What is being dragged is ahead of the picture.
    this.#temperature.show(Number(walk.others.peek()["temperature"] ?? tau), tau === 0 ? "0: the likeliest" : format(tau));
    const k = typeof top === "number" ? top : rows.length;
    this.#top.show(Number(walk.others.peek()["top_k"] ?? k), k === rows.length ? `all ${k}` : `${k} of ${rows.length}`);
    while (this.#rows.children.length > rows.length) this.#rows.lastElementChild?.remove();
    while (this.#rows.children.length < rows.length) this.#rows.append(symbolRow());
    rows.forEach(({ symbol, before, after }, i) => {
      const row = /** @type {HTMLElement} */ (this.#rows.children[i]);
      row.style.setProperty("--before", String(before));
      row.style.setProperty("--after", String(after));
      row.classList.toggle("dropped", after === 0);
      const [name, , one, , other] = row.children;
      if (name) setText(name, symbol);
      if (one) setText(one, format(before));
      if (other) setText(other, format(after));
    });
  }
}

const symbolRow = () =>
  element(
    "tr",
    {},
    element("th", { scope: "row", class: "number" }),
    element("td", { class: "sampling-bar before", "aria-hidden": "true" }),
    element("td", { class: "number" }),
    element("td", { class: "sampling-bar after", "aria-hidden": "true" }),
    element("td", { class: "number" }),
  );

/** @param {string} name @param {{min: string, max: string, step: string}} range */
function slider(name, range) {
  const value = element("output", { class: "number" });
  const input = element("input", { type: "range", class: "slider", "aria-label": name, ...range });
  return {
    input,
    element: element("label", { class: "sampling-slider" }, element("span", { class: "caption" }, name), value, input),
    /** @param {number} number @param {string} text */
    show(number, text) {
      input.value = String(number);
      const { min, max } = input;
      input.style.setProperty("--fill", String((number - Number(min)) / (Number(max) - Number(min) || 1)));
      input.setAttribute("aria-valuetext", text);
      setText(value, text);
    },
  };
}
