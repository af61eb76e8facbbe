/** The right-hand panel of recurrent networks: the scores, and the predictions for the sequence. */

import { element } from "../../panels/element.js";
import { selectedSequencePanel } from "../sequences/selected-sequence-panel.js";
import { mountScores } from "../scores.js";

const mountPredictions = selectedSequencePanel({
  id: "output",
  probe: "tokens",
  columns: 1,
  height: 250,
  facts: false,
  arrange: (picture) => ({ ...picture, plots: picture.plots.slice(0, 1) }),
});

/**
 * @param {HTMLElement} host
 * @param {import("../../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const place = element("div", { class: "rnn-output" });
  const stops = [mountScores(host, context), mountPredictions(place, context)];
  host.append(place);
  return () => stops.forEach((stop) => stop());
}
