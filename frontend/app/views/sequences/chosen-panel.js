/** Makes a panel or tab with a probe of the sequence chosen in the main view. */

import { effect } from "@preact/signals-core";
import { PictureView } from "../../panels/picture.js";
import { chosen } from "./chosen.js";

/**
 * @param {import("../../panels/picture.js").PictureConfig} order
 * @returns {(host: HTMLElement, context: import("../../panels/context.js").Context) => () => void} mounts it
 */
export function chosenPanel(order) {
  return (host, context) => {
    const view = new PictureView(host, context, {
      ...order,
      options: { ...order.options, ...chosen.peek() },
    });
    const follow = effect(() => view.set({ ...chosen.value }));
    return () => {
      follow();
      view.close();
    };
  };
}
