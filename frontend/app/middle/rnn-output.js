/** The right-hand panel of recurrent networks: how well it does, and what it predicts of the sequence. */

import { effect } from "@preact/signals-core";
import { element } from "../panels/element.js";
import { PictureView } from "../panels/picture.js";
import { chosen } from "./rnn-chosen.js";
import { mountScores } from "./scores.js";

const HEIGHT = 250;

/**
 * @param {HTMLElement} host
 * @param {import("../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const stop = mountScores(host, context);
  const place = element("div", { class: "rnn-answer" });
  host.append(place);
  const view = new PictureView(place, context, {
    id: "output",
    probe: "tokens",
    options: { ...chosen.peek() },
    columns: 1,
    height: HEIGHT,
    facts: false,
    arrange: (picture) => ({ ...picture, plots: picture.plots.slice(0, 1) }),
  });
  const follow = effect(() => view.set({ ...chosen.value }));
  return () => {
    follow();
    stop();
    view.close();
  };
}
