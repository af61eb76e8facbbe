/** Makes a panel or tab that shows one probe completely. */

import { PictureView } from "./picture.js";

/** @typedef {import("./picture.js").PictureOrder} PictureOrder */

/**
 * @param {Omit<PictureOrder, "id"> & {id?: string}} order `id` defaults to the probe's name
 * @returns {(host: HTMLElement, context: import("./context.js").Context) => () => void} mounts it
 */
export function probePanel(order) {
  return (host, context) => {
    const view = new PictureView(host, context, { id: `panel-${order.probe}`, ...order });
    return () => view.close();
  };
}
