/** A small pad for drawing an image, with a pointer or with the arrow keys and space. */

import { onTheme, palette } from "../marks/colors.js";
import { fillPixels, pixelBuffer } from "../marks/pixels.js";
import { element } from "../panels/element.js";

/**
 * @typedef {object} PadConfig
 * @property {number} height pixels of the image
 * @property {number} width
 * @property {string} [label]
 * @property {HTMLElement[]} [tools] further buttons beside "Clear"
 * @property {(values: Float32Array) => void} onChange row by row from the top, from 0 to 1
 */

/** The width at which the pad is drawn, in CSS pixels; the style sheet may show it smaller. */
const SIDE = 168;
/** The reach of the brush beyond its pixel, as a share of the image's width. */
const BRUSH = 0.075;

export class DrawingPad {
  #canvas = element("canvas", { class: "drawing-pad-canvas", tabindex: "0", role: "img" });
  #clear = element("button", { type: "button", class: "button small" }, "Clear");
  element;
  /** The image, row by row from the top. */
  values = new Float32Array(0);
  /** @type {import("../marks/view.js").Cache} */
  #cache = {};
  #height = 0;
  #width = 0;
  /** The place of the keyboard's brush. */
  #cursor = { row: 0, column: 0 };
  #erasing = false;
  #onChange;
  #stopTheme;

  /** @param {PadConfig} config */
  constructor({ height, width, label = "Draw an image", tools = [], onChange }) {
    this.#onChange = onChange;
    const bar = element("div", { class: "drawing-pad-tools" }, this.#clear, ...tools);
    this.element = element("div", { class: "drawing-pad" }, this.#canvas, bar);
    this.#canvas.setAttribute("aria-label", `${label}. Arrow keys move, space draws.`);
    this.size(height, width);
    this.#clear.addEventListener("click", () => this.clear());
    this.#canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#stopTheme = onTheme(() => this.#draw());
  }

  /** Sets an empty image of this size. @param {number} height @param {number} width */
  size(height, width) {
    this.#height = height;
    this.#width = width;
    this.#cursor = { row: height >> 1, column: width >> 1 };
    this.values = new Float32Array(height * width);
    this.#canvas.style.aspectRatio = `${width} / ${height}`;
    this.#draw();
  }

  /** Shows an image as if it had been drawn, without notifying `onChange`. @param {ArrayLike<number>} values */
  show(values) {
    this.values = Float32Array.from(values);
    this.#draw();
  }

  clear() {
    this.values = new Float32Array(this.#height * this.#width);
    this.#changed();
  }

  close() {
    this.#stopTheme();
    this.element.remove();
  }

  #changed() {
    this.#draw();
    this.#onChange(this.values);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    event.preventDefault();
    this.#canvas.focus();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#erasing = event.button === 2 || event.shiftKey;
    this.#stroke(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#canvas.hasPointerCapture(event.pointerId)) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) this.#stroke(one);
  }

  /** @param {{offsetX: number, offsetY: number}} event */
  #stroke({ offsetX, offsetY }) {
    const pixel = this.#canvas.clientWidth / this.#width;
    const [x, y] = [offsetX / pixel, offsetY / pixel];
    paintBrush(this.values, this.#height, this.#width, x, y, this.#erasing);
    this.#changed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const { row, column } = this.#cursor;
    if (across || down) {
      this.#cursor = {
        row: Math.min(Math.max(row + down, 0), this.#height - 1),
        column: Math.min(Math.max(column + across, 0), this.#width - 1),
      };
      this.#draw();
    } else if (event.key === " ") {
      const i = row * this.#width + column;
      this.values[i] = (this.values[i] ?? 0) > 0.5 ? 0 : 1;
      this.#changed();
    } else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #draw() {
    const ratio = globalThis.devicePixelRatio || 1;
    const { table, css } = palette();
    const width = Math.round(SIDE * ratio);
    const height = Math.round((SIDE * ratio * this.#height) / this.#width);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const canvas = this.#canvas.getContext("2d");
    if (!canvas) return;
    const { canvas: small, context, image, pixels } = pixelBuffer(this.#cache, this.#width, this.#height);
    fillPixels(pixels, /** @type {Float32Array<ArrayBuffer>} */ (this.values), 0, this.#width, this.#height, false, table("ink"), 255, 0);
    context.putImageData(image, 0, 0);
    canvas.imageSmoothingEnabled = false;
    canvas.drawImage(small, 0, 0, width, height);
    if (document.activeElement !== this.#canvas || !this.#canvas.matches(":focus-visible")) return;
    const cell = width / this.#width;
    canvas.strokeStyle = css("accent");
    canvas.lineWidth = 2;
    canvas.strokeRect(this.#cursor.column * cell, this.#cursor.row * cell, cell, cell);
  }
}

/**
 * Paints with a soft round brush at a place, in units of the image's pixels: it fills what it covers, and
 * fades over one pixel at its edge.
 * @param {Float32Array} values
 * @param {number} height
 * @param {number} width
 * @param {number} x
 * @param {number} y
 * @param {boolean} erase
 */
export function paintBrush(values, height, width, x, y, erase) {
  const reach = BRUSH * width + 0.2;
  for (let row = Math.max(0, Math.floor(y - reach - 1)); row < Math.min(height, y + reach + 1); row++) {
    for (let column = Math.max(0, Math.floor(x - reach - 1)); column < Math.min(width, x + reach + 1); column++) {
      const far = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const ink = Math.min(1, Math.max(0, 1 + reach - far));
      const i = row * width + column;
      const before = values[i] ?? 0;
      values[i] = erase ? Math.min(before, 1 - ink) : Math.max(before, ink);
    }
  }
}
