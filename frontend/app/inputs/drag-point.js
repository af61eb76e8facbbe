/** A point over a plot, dragged with the pointer or the arrow keys. */

import { placeX, placeY, valuesAt } from "../marks/view.js";

/** @typedef {import("../marks/view.js").View} View */
/** @typedef {{x: number, y: number}} Place in units of the plot's axes */

/** The move of an arrow key, as a share of the plot. */
const STEP_SHARE = 1 / 40;

export class DragPoint {
  /** @type {Place} */
  at;
  #canvas;
  #view;
  #redraw;
  #onChange;
  #stop = new AbortController();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} config
   * @param {Place} config.at
   * @param {() => View | null} config.view the plot's view, once it is drawn
   * @param {() => void} config.redraw draws the plot again: it calls `draw` over its marks
   * @param {(at: Place) => void} config.onChange
   */
  constructor(canvas, { at, view, redraw, onChange }) {
    this.at = at;
    this.#canvas = canvas;
    this.#view = view;
    this.#redraw = redraw;
    this.#onChange = onChange;
    const { signal } = this.#stop;
    // A touch drags the point and does not scroll the page.
    canvas.style.touchAction = "none";
    canvas.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button !== 0 || !this.#placeOf(event)) return;
        canvas.setPointerCapture(event.pointerId);
        this.#moveTo(event);
      },
      { signal },
    );
    canvas.addEventListener(
      "pointermove",
      (event) => canvas.hasPointerCapture(event.pointerId) && this.#moveTo(event),
      { signal },
    );
    // Runs before the figure's own keys, which would move its cursor.
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal, capture: true });
  }

  close() {
    this.#stop.abort();
    this.#canvas.style.touchAction = "";
  }

  /** Moves the point without notifying `onChange`. @param {Place} at */
  show(at) {
    this.at = at;
    this.#redraw();
  }

  /** Draws the handle; at the edge if it lies outside the axes. @param {View} view */
  draw(view) {
    const { canvas, palette, left, top, width, height } = view;
    const x = Math.min(Math.max(placeX(view, this.at.x), left), left + width);
    const y = Math.min(Math.max(placeY(view, this.at.y), top), top + height);
    canvas.beginPath();
    canvas.arc(x, y, 7, 0, 2 * Math.PI);
    canvas.fillStyle = palette.css("surface");
    canvas.fill();
    canvas.strokeStyle = palette.css("ink");
    canvas.lineWidth = 2;
    canvas.stroke();
    canvas.beginPath();
    canvas.arc(x, y, 2.5, 0, 2 * Math.PI);
    canvas.fillStyle = palette.css("accent");
    canvas.fill();
  }

  /** @param {{offsetX: number, offsetY: number}} event */
  #placeOf({ offsetX, offsetY }) {
    const view = this.#view();
    return view && valuesAt(view, offsetX, offsetY);
  }

  /** @param {{offsetX: number, offsetY: number}} event */
  #moveTo({ offsetX, offsetY }) {
    const view = this.#view();
    if (!view) return;
    const { left, top, width, height } = view;
    const x = Math.min(Math.max(offsetX, left), left + width);
    const y = Math.min(Math.max(offsetY, top), top + height);
    const place = valuesAt(view, x, y);
    if (place) this.#change(place);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0;
    const view = this.#view();
    if (!view || (!across && !up)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { xAxis, yAxis } = view;
    const step = STEP_SHARE * (event.shiftKey ? 4 : 1);
    const clampToAxis = (/** @type {number} */ value, /** @type {import("../types/pictures.js").Axis} */ axis) =>
      Math.min(Math.max(value, axis.low), axis.high);
    this.#change({
      x: clampToAxis(this.at.x + across * step * (xAxis.high - xAxis.low), xAxis),
      y: clampToAxis(this.at.y + up * step * (yAxis.high - yAxis.low), yAxis),
    });
  }

  /** @param {Place} at */
  #change({ x, y }) {
    this.at = { x: Number(x.toPrecision(4)), y: Number(y.toPrecision(4)) };
    this.#redraw();
    this.#onChange(this.at);
  }
}
