/** A panel or a tab that shows one probe, whole. */

import { PictureView } from "./picture.js";

/** @typedef {import("./picture.js").PictureOrder} PictureOrder */

/**
 * @param {Omit<PictureOrder, "id"> & {id?: string}} order `id` is the probe's name unless said
 * @returns {(host: HTMLElement, context: import("./context.js").Context) => () => void} mounts it
 */
export function probePanel(order) {
  return (host, context) => {
    const view = new PictureView(host, context, { id: `panel-${order.probe}`, ...order });
    return () => view.close();
  };
}
