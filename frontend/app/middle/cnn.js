/**
 * The middle of convolutional networks: an image, the blocks it goes through with what each makes of
 * it, the class probabilities; below, the chosen layer large.
 */

import { effect } from "@preact/signals-core";
import { FormulaBar } from "../network/bar.js";
import { element } from "../panels/element.js";
import { Answer } from "./cnn/answer.js";
import { BlockRow, SHOWN } from "./cnn/blocks.js";
import { Detail } from "./cnn/detail.js";
import { InputImage } from "./cnn/input.js";
import { layerAt, lookedAt } from "./cnn/looking.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../types/api.js").Layer} Layer */

const FPS = 15;

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const { described } = context.state;
  const input = new InputImage(context);
  const blocks = new BlockRow((layer) => (layerAt.value = layer));
  const answer = new Answer();
  const message = element("p", { class: "picture-message", role: "status" });
  const row = element("div", { class: "cnn-row" }, input.element, blocks.element, answer.element);
  const detail = new Detail(context);
  const bar = element("div", {});
  const root = element("div", { class: "middle cnn" }, row, message, detail.element, bar);
  host.append(root);
  const formula = new FormulaBar(bar);

  const watch = context.pictures.watch({
    id: "cnn-maps",
    probe: "feature_maps",
    options: { maps: SHOWN, ...lookedAt.peek() },
    fps: FPS,
    host: row,
    paint(picture) {
      message.textContent = "";
      input.show(picture.plots.find(({ id }) => id === "input"));
      blocks.show(picture.plots);
      answer.show(picture);
    },
    fail: ({ message: said, hint }) => {
      // Another data set may have other images than the one that was looked at.
      if (lookedAt.peek().image || lookedAt.peek().drawing) lookedAt.value = { image: 0, drawing: null };
      else message.textContent = `${said}. ${hint}`;
    },
  });
  const stops = [
    effect(() => watch.set({ maps: SHOWN, ...lookedAt.value })),
    effect(() => {
      const layers = described.value?.layers ?? [];
      if (!layers.length) return;
      if (layerAt.value > layers.length) layerAt.value = 1;
      blocks.place(layers.slice(0, -1), layerAt.value);
      const layer = layers[layerAt.value - 1];
      if (layer) formula.show(lineOf(layer));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    watch.close();
    for (const part of [input, blocks, answer, detail]) part.close();
    root.remove();
  };
}

/** @param {Layer} layer */
function lineOf({ label, formula, size, parameters, output }) {
  const values = output.reduce((product, side) => product * side, 1);
  const learnt = parameters ? `${parameters.toLocaleString("en")} parameters, ` : "no parameters, ";
  return { name: label, latex: size || formula, facts: `${learnt}${values.toLocaleString("en")} values` };
}
