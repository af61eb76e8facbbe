/** The overview of the plane between images, with the part drawn large marked; a click moves that part. */

import { PlotCanvas } from "../../marks/plot.js";
import { element } from "../../panels/element.js";

/** @typedef {import("../../types/pictures.js").Plot} Plot */

export class PlaneOverview {
  #canvas = element("canvas", { role: "img", "aria-label": "The whole plane with a frame around the enlarged part" });
  element = element(
    "div",
    { class: "cnn-overview", hidden: true },
    element("p", { class: "caption" }, "The whole plane by class. The frame shows the enlarged part. Click to move it."),
    this.#canvas,
  );
  #plot = new PlotCanvas(this.#canvas, { tinted: true });

  /** @param {(u: number, v: number) => void} go */
  constructor(go) {
    this.#canvas.addEventListener("click", (event) => {
      const at = this.#plot.valuesAt(event);
      if (at) go(at.x, at.y);
    });
  }

  /** @param {Plot | undefined} plot undefined if all of the plane is drawn large */
  show(plot) {
    this.element.hidden = !plot;
    if (plot) this.#plot.draw(plot);
  }

  close() {
    this.#plot.close();
  }
}
