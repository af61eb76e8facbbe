/** Makes a panel or tab that shows one probe completely. */

import { PictureView } from "./picture.js";

/** @typedef {import("./picture.js").PictureConfig} PictureConfig */

/**
 * @param {Omit<PictureConfig, "id"> & {id?: string}} config `id` defaults to the probe's name
 * @returns {(host: HTMLElement, context: import("./context.js").Context) => () => void} mounts it
 */
export function probePanel(config) {
  return (host, context) => {
    const view = new PictureView(host, context, { id: `panel-${config.probe}`, ...config });
    return () => view.close();
  };
}
