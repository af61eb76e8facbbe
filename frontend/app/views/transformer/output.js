/** The right-hand panel of transformers: the scores, and one head from Q and K to A. */

import { effect } from "@preact/signals-core";
import { percent } from "../../marks/scales.js";
import { specOf } from "../../panels/context.js";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { Tabs } from "../../panels/tabs.js";
import { selectedSequence } from "../sequences/selected-sequence.js";
import { mountScores } from "../scores.js";
import { selectedHead, selectedPicture, transformerSize, clampHead } from "./selected-head.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

const MAX_HEIGHT = 250;
/** The height of everything above and below the picture: with the curves; alone, on a projector. */
const OTHER_HEIGHT = { plain: 620, presenting: 340 };
const MIN_HEIGHT = 160;
const PICTURES = [
  { id: "A", label: "A", plots: ["attention"] },
  { id: "scores", label: "Scores", plots: ["scores"] },
  { id: "qkv", label: "Q, K, V", plots: ["q", "k", "v"] },
];

/**
 * @param {HTMLElement} host
 * @param {import("../../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const stop = mountScores(host, context);
  const title = element("h2", {});
  const note = element("span", { class: "caption" });
  const place = element("div", { class: "transformer-head-look" });
  const tabs = new Tabs("Which part of the head", (id) => {
    selectedPicture.value = id === "scores" || id === "qkv" ? id : "A";
  });
  host.append(
    element("header", { class: "panel-head transformer-output-head" }, title, tabs.element),
    place,
    note,
  );
  /** @param {string} id */
  const plotsOf = (id) => PICTURES.find((one) => one.id === id)?.plots ?? [];
  const options = () => {
    const size = transformerSize(specOf(context) ?? context.state.run.value?.spec);
    return { ...selectedSequence.value, ...clampHead(selectedHead.value, size) };
  };
  /** @type {PictureView | null} */
  let view = null;
  let shown = "";
  /** @param {"A" | "scores" | "qkv"} id */
  function open(id) {
    if (id === shown) return;
    shown = id;
    view?.close();
    view = new PictureView(place, context, {
      id: "output",
      probe: "head",
      options: options(),
      columns: plotsOf(id).length,
      height: () => pictureHeight(context.presenting.peek(), innerHeight),
      facts: factsOf,
      arrange: (picture) => ({
        ...picture,
        // A single plot is named by its tab.
        plots: picture.plots
          .filter((plot) => plotsOf(id).includes(plot.id))
          .map((plot) => (plotsOf(id).length === 1 ? { ...plot, title: "", note: "" } : plot)),
      }),
      onPaint: ({ facts }) => {
        const ideal = id === "A" && typeof facts["on_ideal"] === "number";
        setText(note, ideal ? "Outlined: the ideal attention for this task." : NOTES[id]);
      },
    });
  }
  const stops = [
    effect(() => {
      tabs.show(PICTURES, selectedPicture.value);
      open(selectedPicture.value);
    }),
    effect(() => {
      const found = options();
      setText(title, `Layer ${found.layer}, head ${found.head}`);
      view?.set(found);
    }),
  ];
  return () => {
    for (const end of stops) end();
    stop();
    view?.close();
  };
}

/**
 * @param {boolean} presenting
 * @param {number} height of the window
 */
const pictureHeight = (presenting, height) =>
  presenting
    ? Math.max(MIN_HEIGHT, height - OTHER_HEIGHT.presenting)
    : Math.max(MIN_HEIGHT, Math.min(MAX_HEIGHT, height - OTHER_HEIGHT.plain));

const COST = "The share of QKᵀ and A V in a layer's operations. They grow with T², all others with T.";
const NOTES = {
  A: "After the softmax: every row sums to 1.",
  scores: "QKᵀ/√d, before the softmax.",
  qkv: "One row for each position: its query, its key, its value.",
};

/**
 * @param {Facts} facts
 * @returns {import("../../panels/facts-row.js").Fact[]}
 */
function factsOf(facts) {
  const { entropy, on_ideal: onIdeal, d } = facts;
  return [
    { label: "Entropy", value: twoPlaces(entropy), tip: "In nats, the mean over queries. At 0 a query attends to one position only." },
    ...(typeof onIdeal === "number"
      ? [{ label: "On ideal", value: twoPlaces(onIdeal), tip: "The share of A on the outlined cells." }]
      : []),
    { label: "Width d", value: String(d ?? "–"), tip: "Numbers in each query, key and value." },
    { label: `Cost at T = ${String(facts["places"])}`, value: shareOf(facts), tip: COST },
  ];
}

/** The share of QKᵀ and A V in a layer's operations. @param {Facts} facts */
function shareOf({ flops }) {
  const { projections, attention, mlp } = /** @type {{[name: string]: number}} */ (flops ?? {});
  const share = (attention ?? 0) / ((projections ?? 0) + (attention ?? 0) + (mlp ?? 0));
  return share > 0 ? percent(share) : "–";
}

/** @param {unknown} value */
const twoPlaces = (value) => (typeof value === "number" ? value.toFixed(2) : "–");
