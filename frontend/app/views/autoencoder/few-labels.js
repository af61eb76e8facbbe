/**
 * The tab that compares a classifier on z, trained on few labels, with one on raw pixels. The band is the
 * spread over draws of the labels. Runs with other seeds add the spread over seeds.
 */

import { count } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";
import { AccuracyBySeed } from "./accuracy-by-seed.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("./accuracy-by-seed.js").Summary} Summary */

const EXPLANATION =
  "The same logistic regression is trained on z and on the raw pixels x. The autoencoder learned z from " +
  "all images without labels. Where pixels are noisy, z separates the image from the noise, for which a " +
  "few labels are not enough. Where pixels are clean, x has more information than a narrow z.";
/** The least height of the chart, and the height of everything around it, in CSS pixels. */
const MIN_HEIGHT = 160;
const OTHER_HEIGHT = 500;
const NEW_SEED_TIP = "Trains the same model from other initial weights. The labels stay the same, so that seeds can be compared.";

/** The results found in this tab, until it is closed. */
const accuracies = new AccuracyBySeed();

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const table = element("table", { class: "few-labels" });
  const caption = element("p", { class: "caption few-labels-over" });
  const newSeed = element("button", { type: "button", class: "button small", "data-tip": NEW_SEED_TIP }, "Another seed");
  newSeed.addEventListener("click", () => void context.verbs.newSeed());
  const view = new PictureView(host, context, {
    id: "panel-semi_supervised",
    probe: "semi_supervised",
    fps: 1,
    facts: false,
    columns: 1,
    height: () => Math.max(MIN_HEIGHT, innerHeight - OTHER_HEIGHT),
    onPaint: ({ step, facts }) => {
      const spec = context.state.run.peek()?.spec_in_force;
      if (!spec) return;
      const summary = accuracies.add(spec, facts);
      table.replaceChildren(...rowsOf(summary));
      // The probe is expensive: seconds may pass between pictures.
      setText(caption, `As of step ${count(step)}. ${captionText(summary, Number(facts["draws"]))}`);
    },
  });
  const foot = element("div", { class: "few-labels-footer" }, caption, newSeed);
  host.append(table, foot, element("p", { class: "caption" }, EXPLANATION));
  return () => {
    view.close();
    host.replaceChildren();
  };
}

/** @param {Summary} summary */
function rowsOf({ labels, z, x }) {
  const cells = (/** @type {string} */ tag, /** @type {string[]} */ words) =>
    words.map((text) => element(/** @type {"td"} */ (tag), {}, text));
  const row = (/** @type {string} */ name, /** @type {string[]} */ words) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...cells("td", words));
  const head = element("tr", {}, element("th", { scope: "row" }, "%, by labels"));
  head.append(...cells("th", labels.map(String)));
  return [
    element("thead", {}, head),
    element("tbody", {}, row("on z", z.map(spreadOf)), row("on x", x.map(spreadOf))),
  ];
}

/** A share in per cent, the unit in the table's head. @param {{mean: number, spread: number}} share */
const spreadOf = ({ mean, spread }) => `${(100 * mean).toFixed(1)} ± ${(100 * spread).toFixed(1)}`;

/** @param {Summary} summary @param {number} draws of the labels */
function captionText({ seeds }, draws) {
  if (seeds.length < 2) return `± over ${draws} draws of the labels; one seed.`;
  return `z: ± over seeds ${seeds.join(", ")}, each a mean of ${draws} draws; x: ± over the draws.`;
}
