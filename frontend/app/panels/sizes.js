/** The table of each layer's size and parameters: the formulas with this run's numbers. */

import { effect } from "@preact/signals-core";
import katex from "katex";
import { count } from "../marks/scales.js";
import { element } from "./element.js";
import { sizeLatex } from "../views/cnn/layer-description.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../types/api.js").Layer} Layer */

const SIDE = "w'=\\left\\lfloor\\frac{w+2p-d\\,(k-1)-1}{s}\\right\\rfloor+1";
const KERNELS = "k\\cdot k\\cdot C_{in}\\cdot C_{out}+C_{out}";

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const list = element("ol", { "aria-label": "Layers" });
  const total = element("div", { class: "sizes-total" });
  const printed = element("section", { "aria-label": "Formulas in print" });
  const windows = element("div", {}, line("Side length after a window", SIDE), line("Weights and biases", KERNELS));
  const root = element("div", { class: "sizes" }, windows, list, total, printed);
  host.append(root);
  const stop = effect(() => {
    const { layers = [], parameters = 0, formula = "", counts = [] } = context.state.described.value ?? {};
    windows.hidden = !layers.some(({ size, output }) => size && output.length > 1);
    list.replaceChildren(...layers.map((layer, i) => row(layer, layers[i - 1]?.output ?? inputsOf(layer))));
    total.replaceChildren(
      element("b", {}, `${count(parameters)} parameters in total`),
      ...(layers.length > 1 ? [formulaOf(formula)] : []),
    );
    printed.hidden = !counts.length;
    printed.replaceChildren(...counts.map(printedCount));
  });
  return () => {
    stop();
    root.remove();
  };
}

/** @param {import("../types/api.js").ParameterCount} found */
function printedCount({ label, formula, numbers, value, right, explain }) {
  return element(
    "div",
    { class: "sizes-printed", "data-right": String(right) },
    line(label, formula),
    line(right ? "Right" : "Wrong", `${numbers}=${grouped(value)}`),
    element("p", { class: "caption" }, explain),
  );
}

/** A whole number in LaTeX. @param {number} value */
const grouped = (value) => count(value).replaceAll(",", "{,}");

/** The size of the input of a first layer; null of an image or a sequence. @param {Layer} layer */
const inputsOf = ({ kind, weight }) => (kind === "dense" && weight ? weight.slice(1) : null);

/**
 * @param {Layer} layer
 * @param {number[] | null} before the input's size, if it is known
 */
function row({ label, output, size, terms, parameters }, before) {
  const shape = `${before ? `${before.join(" × ")} → ` : ""}${output.join(" × ")}`;
  return element(
    "li",
    {},
    element("div", { class: "sizes-head" }, element("b", {}, label), element("span", { class: "number" }, shape)),
    ...(size ? [line(output.length > 1 ? "Side" : "Length", sizeLatex(size, output))] : []),
    parameters
      ? line("Parameters", `${terms}=${grouped(parameters)}`)
      : element("div", { class: "sizes-line caption" }, "No parameters"),
  );
}

/** @param {string} name @param {string} latex */
const line = (name, latex) =>
  element("div", { class: "sizes-line" }, element("span", { class: "caption" }, name), formulaOf(latex));

/** @param {string} latex */
function formulaOf(latex) {
  const formula = element("span", { class: "formula" });
  katex.render(latex, formula, { throwOnError: false });
  return formula;
}
