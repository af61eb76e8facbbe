/**
 * The main view of convolutional networks: an image, the blocks that it passes with their maps, the class
 * probabilities; below, the chosen layer large. Or, in their place, the network's exact linear regions
 * between three images.
 */

import { effect } from "@preact/signals-core";
import { FormulaBar } from "../../network/formula-bar.js";
import { element } from "../../panels/element.js";
import { missingOf } from "../../panels/incomplete.js";
import { Tabs } from "../../panels/tabs.js";
import { sentences } from "../../stream/api-error.js";
import { ClassProbabilities } from "./class-probabilities.js";
import { BlockRow } from "./blocks.js";
import { LayerDetail } from "./layer-detail.js";
import { InputImage } from "./input-image.js";
import { layerDescription } from "./layer-description.js";
import { selectedLayer, selectedImage } from "./selection.js";
import { Regions } from "./regions.js";

/** @typedef {import("../../panels/context.js").Context} Context */

const FPS = 15;
const VIEWS = [
  { id: "layers", label: "Layers" },
  { id: "regions", label: "Linear regions" },
];
const ABOUT = {
  layers: "Click a block to enlarge it.",
  regions: "Exact regions on the plane through three test images.",
};

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const about = element("p", { class: "caption" });
  const tabs = new Tabs("What is shown of the network", (id) => choose(id === "regions"));
  const head = element("header", { class: "middle-head" }, tabs.element, about);
  const place = element("div", { class: "cnn-view" });
  const root = element("div", { class: "middle cnn" }, head, place);
  host.append(root);
  let close = () => {};

  /** @param {boolean} regions */
  function choose(regions) {
    close();
    tabs.show(VIEWS, regions ? "regions" : "layers");
    about.textContent = ABOUT[regions ? "regions" : "layers"];
    close = regions ? mountRegions(place, context) : mountLayers(place, context);
  }

  choose(false);
  return () => {
    close();
    root.remove();
  };
}

/** @param {HTMLElement} host @param {Context} context */
function mountRegions(host, context) {
  const regions = new Regions(context);
  host.append(regions.element);
  return () => regions.close();
}

/** @param {HTMLElement} host @param {Context} context */
function mountLayers(host, context) {
  const { described } = context.state;
  const input = new InputImage(context);
  const blocks = new BlockRow((layer) => (selectedLayer.value = layer));
  const answer = new ClassProbabilities();
  const message = element("p", { class: "picture-message", role: "status" });
  const row = element("div", { class: "cnn-row" }, input.element, blocks.element, answer.element);
  const detail = new LayerDetail(context);
  const bar = element("div", {});
  host.append(row, message, detail.element, bar);
  const formula = new FormulaBar(bar);

  const options = () => {
    const { across, down } = blocks.layout.value;
    return { maps: across * down, ...selectedImage.value };
  };
  const watch = context.pictures.watch({
    id: "cnn-maps",
    probe: "feature_maps",
    options: options(),
    fps: FPS,
    host: row,
    paint(picture) {
      message.textContent = missingOf(picture.facts);
      input.show(picture.plots.find(({ id }) => id === "input"));
      blocks.setMaps(picture.plots);
      answer.show(picture);
    },
    fail: (problem) => {
      // Another data set may have other images than the chosen one.
      if (selectedImage.peek().image || selectedImage.peek().drawing) selectedImage.value = { image: 0, drawing: null };
      else message.textContent = sentences(problem);
    },
  });
  const stops = [
    effect(() => watch.set(options())),
    effect(() => {
      const layers = described.value?.layers ?? [];
      if (!layers.length) return;
      if (selectedLayer.value > layers.length) selectedLayer.value = 1;
      blocks.setLayers(layers.slice(0, -1), selectedLayer.value);
      const layer = layers[selectedLayer.value - 1];
      if (layer) formula.show(layerDescription(layer));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    watch.close();
    for (const part of [input, blocks, answer, detail]) part.close();
    host.replaceChildren();
  };
}
