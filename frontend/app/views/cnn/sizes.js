/** The table of each layer's size and parameters: the formulas with this run's numbers. */

import { effect } from "@preact/signals-core";
import katex from "katex";
import { count } from "../../marks/scales.js";
import { element } from "../../panels/element.js";
import { sizeLatex } from "./layer-description.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/api.js").Layer} Layer */

const SIDE = "w'=\\left\\lfloor\\frac{w+2p-d\\,(k-1)-1}{s}\\right\\rfloor+1";
const PARAMETERS = "k\\cdot k\\cdot C_{in}\\cdot C_{out}+C_{out}";

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const list = element("ol", { "aria-label": "Layers" });
  const total = element("p", { class: "caption number" });
  const root = element(
    "div",
    { class: "cnn-sizes" },
    line("Side length after a window", SIDE),
    line("Weights and biases", PARAMETERS),
    list,
    total,
  );
  host.append(root);
  const stop = effect(() => {
    const { layers = [], parameters = 0 } = context.state.described.value ?? {};
    list.replaceChildren(...layers.map((layer, i) => row(layer, layers[i - 1]?.output ?? null)));
    total.textContent = `${count(parameters)} parameters in total`;
  });
  return () => {
    stop();
    root.remove();
  };
}

/**
 * @param {Layer} layer
 * @param {number[] | null} before the input's size; null is the image
 */
function row({ label, output, size, terms, parameters }, before) {
  const shape = `${before ? `${before.join(" × ")} → ` : ""}${output.join(" × ")}`;
  return element(
    "li",
    {},
    element("div", { class: "cnn-sizes-head" }, element("b", {}, label), element("span", { class: "number" }, shape)),
    ...(size ? [line(output.length > 1 ? "Side" : "Length", sizeLatex(size, output))] : []),
    parameters
      ? line("Parameters", `${terms}=${count(parameters).replaceAll(",", "{,}")}`)
      : element("div", { class: "cnn-sizes-line caption" }, "No parameters"),
  );
}

/** @param {string} name @param {string} latex */
function line(name, latex) {
  const formula = element("span", { class: "formula" });
  katex.render(latex, formula, { throwOnError: false });
  return element("div", { class: "cnn-sizes-line" }, element("span", { class: "caption" }, name), formula);
}
