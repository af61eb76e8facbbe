/** The right-hand panel of image classifiers: the confusion matrix, and the worst errors. */

import { effect } from "@preact/signals-core";
import { element } from "../../panels/element.js";
import { FactsRow } from "../../panels/facts-row.js";
import { PictureView } from "../../panels/picture.js";
import { scoreFacts } from "../../panels/scores.js";
import { Tabs } from "../../panels/tabs.js";
import { selectedImage } from "./selection.js";

/** @typedef {import("../../panels/context.js").Context} Context */

/** Low, as the picture is computed over many images. */
const FPS = 3;
const TABS = [
  { id: "confusion", label: "Confusion" },
  { id: "wrong", label: "Most wrong" },
];

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  /** @type {PictureView | null} */
  let view = null;
  const place = element("div", { class: "cnn-output" });
  const scores = new FactsRow();
  const tabs = new Tabs("Errors", choose);
  host.append(element("header", { class: "panel-head" }, tabs.element), place, scores.element);

  /** @param {string} probe */
  function choose(probe) {
    tabs.show(TABS, probe);
    view?.close();
    view = new PictureView(place, context, {
      id: "cnn-output",
      probe,
      fps: FPS,
      columns: 1,
      fit: true,
      legend: false,
      facts: false,
      ...(probe === "wrong" && {
        arrange: square,
        onPick: ({ id }) => {
          if (id !== undefined) selectedImage.value = { image: Number(id), drawing: null };
        },
      }),
    });
  }

  choose("confusion");
  const stop = effect(() => scores.show(scoreFacts(context)));
  return () => {
    stop();
    view?.close();
  };
}

/**
 * Arranges images in about as many rows as columns.
 * @param {import("../../types/pictures.js").Picture} picture
 * @returns {import("../../types/pictures.js").Picture}
 */
function square(picture) {
  const plots = picture.plots.map((plot) => {
    const [mark] = plot.marks;
    if (mark?.kind !== "images") return plot;
    return { ...plot, marks: [{ ...mark, columns: Math.ceil(Math.sqrt(mark.values.shape[0] ?? 1)) }] };
  });
  return { ...picture, plots };
}
