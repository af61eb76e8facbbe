/** Makes a panel or tab with a probe of the sequence chosen in the main view. */

import { effect } from "@preact/signals-core";
import { PictureView } from "../../panels/picture.js";
import { selectedSequence } from "./selected-sequence.js";

/**
 * @param {import("../../panels/picture.js").PictureConfig} order
 * @returns {(host: HTMLElement, context: import("../../panels/context.js").Context) => () => void} mounts it
 */
export function selectedSequencePanel(order) {
  return (host, context) => {
    const view = new PictureView(host, context, {
      ...order,
      options: { ...order.options, ...selectedSequence.peek() },
    });
    const follow = effect(() => view.set({ ...selectedSequence.value }));
    return () => {
      follow();
      view.close();
    };
  };
}
