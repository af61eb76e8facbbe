/**
 * A canvas that paints nothing and records everything, for tests of what is drawn.
 *
 * `log` has every call and every setting in order. `painted` has what would be seen, in order: each
 * fill, stroke, image and text with its colour and where it lies in pixels of the canvas, the
 * transform applied. Like a real canvas it forgets both when its size is set. Unlike a real one it
 * throws at a name that a 2D context does not have.
 */

import { boxed, copied, IDENTITY, PathRecorder, place, scaleOf, times } from "./paths.js";

/** @typedef {import("./paths.js").Shape} Shape */
/** @typedef {import("./paths.js").Matrix} Matrix */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/**
 * @typedef {object} Painted
 * @property {"fill" | "stroke" | "image" | "text" | "outline" | "clear"} how `outline` is of text
 * @property {string} color #rrggbb; "" of an image
 * @property {number} alpha
 * @property {number} width of a line
 * @property {number[]} dash
 * @property {Shape[]} shapes
 * @property {Shape[][]} clips every one of which holds
 * @property {string} text
 * @property {string} align
 * @property {Box} box of an image, or a text's place
 * @property {string[][]} cells of an image its pixels, row by row from the top: #rrggbb, "" where clear
 * @property {Painted[]} layer of an image what had been painted on it
 * @property {Box} from the part of the image that is drawn
 * @property {boolean} smooth whether an image is interpolated
 */

const DEFAULTS = {
  fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, lineCap: "butt", lineJoin: "miter",
  globalAlpha: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic",
  imageSmoothingEnabled: true, imageSmoothingQuality: "low",
}; // prettier-ignore

/** A letter's width, whatever the font. */
const LETTER = 6;

/** @param {string} color as a style has it @returns {string} #rrggbb where it is a colour */
export function hex(color) {
  const parts = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(color)?.slice(1).map(Number);
  return parts ? `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}` : color;
}

/** @param {number} pixel as a little-endian canvas stores it @returns {string} "" where it is clear */
export function hexOf(pixel) {
  if (pixel >>> 24 === 0) return "";
  return hex(`rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`);
}

/** The context's methods; `this` is the recording. */
class Recording extends PathRecorder {
  /** @type {[string, ...unknown[]][]} */
  log = [];
  /** @type {Painted[]} */
  painted = [];
  /** @type {string[][]} */
  cells = [];
  state = { ...DEFAULTS, dash: /** @type {number[]} */ ([]), matrix: IDENTITY, clips: /** @type {Shape[][]} */ ([]) };
  /** @type {(typeof this.state)[]} */
  #saved = [];

  save() {
    this.#saved.push({ ...this.state });
  }

  restore() {
    this.state = this.#saved.pop() ?? this.state;
  }

  /** @param {...number} matrix */
  setTransform(...matrix) {
    this.state.matrix = /** @type {Matrix} */ (matrix);
  }

  /** @param {number} x @param {number} y */
  scale(x, y) {
    this.state.matrix = times(this.state.matrix, [x, 0, 0, y, 0, 0]);
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.state.matrix = times(this.state.matrix, [1, 0, 0, 1, x, y]);
  }

  /** @param {number} angle */
  rotate(angle) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.state.matrix = times(this.state.matrix, [cos, sin, -sin, cos, 0, 0]);
  }

  clip() {
    this.state.clips = [...this.state.clips, copied(this.shapes)];
  }

  /** @param {number[]} lengths */
  setLineDash(lengths) {
    this.state.dash = lengths;
  }

  /** @param {{shapes: Shape[]}} [path] */
  fill(path = this) {
    this.#paint("fill", this.state.fillStyle, { shapes: copied(path.shapes) });
  }

  /** @param {{shapes: Shape[]}} [path] */
  stroke(path = this) {
    this.#paint("stroke", this.state.strokeStyle, { shapes: copied(path.shapes) });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    this.#paint("fill", this.state.fillStyle, { shapes: [boxed(this.matrix, x, y, width, height)] });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    this.#paint("stroke", this.state.strokeStyle, { shapes: [boxed(this.matrix, x, y, width, height)] });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  clearRect(x, y, width, height) {
    this.#paint("clear", "", { shapes: [boxed(this.matrix, x, y, width, height)] });
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#paint("text", this.state.fillStyle, { text, ...this.#at(x, y) });
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#paint("outline", this.state.strokeStyle, { text, ...this.#at(x, y) });
  }

  /** @param {string} text */
  measureText(text) {
    return { width: LETTER * text.length };
  }

  /** @param {number} width @param {number} height */
  createImageData(width, height) {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  /** @param {{width: number, data: Uint8ClampedArray}} image */
  putImageData({ width, data }) {
    const pixels = new Uint32Array(data.buffer);
    this.cells = Array.from({ length: pixels.length / width }, (_, row) =>
      Array.from(pixels.subarray(row * width, (row + 1) * width), hexOf),
    );
  }

  /** @param {FakeCanvas} source @param {number[]} places */
  drawImage(source, ...places) {
    const whole = [0, 0, source.width, source.height];
    const [left = 0, top = 0, width = 0, height = 0] = places.length > 4 ? places : whole;
    const [x = 0, y = 0, across = 0, down = 0] = places.slice(-4);
    const { cells, painted } = source.recording;
    this.#paint("image", "", {
      box: boxed(this.matrix, x, y, across, down),
      from: { left, top, width, height },
      cells: cells.slice(top, top + height).map((row) => row.slice(left, left + width)),
      layer: [...painted],
    });
  }

  /** @override */
  get matrix() {
    return this.state.matrix;
  }

  /** @param {number} x @param {number} y */
  #at(x, y) {
    const [left, top] = place(this.matrix, x, y);
    return { box: { left, top, width: 0, height: 0 } };
  }

  /** @param {Painted["how"]} how @param {string} color @param {Partial<Painted>} what */
  #paint(how, color, what) {
    const { globalAlpha, lineWidth, dash, matrix, clips, textAlign, imageSmoothingEnabled } = this.state;
    const size = scaleOf(matrix);
    const nowhere = { left: 0, top: 0, width: 0, height: 0 };
    this.painted.push({
      how, color: hex(color), alpha: globalAlpha, width: lineWidth * size,
      dash: dash.map((length) => length * size), shapes: [], clips, text: "", align: textAlign,
      box: nowhere, cells: [], layer: [], from: nowhere, smooth: imageSmoothingEnabled, ...what,
    }); // prettier-ignore
  }
}

/**
 * The context as a page's code has it.
 * @param {Recording} recording
 * @returns {CanvasRenderingContext2D}
 */
function contextOf(recording) {
  const proxy = new Proxy(recording, {
    get(target, name) {
      const key = String(name);
      if (key in DEFAULTS) return Reflect.get(target.state, key);
      const method = Reflect.get(target, key);
      if (typeof method !== "function") throw new TypeError(`a 2D context has no ${key}`);
      return (/** @type {unknown[]} */ ...given) => {
        target.log.push([key, ...given]);
        return method.apply(target, given);
      };
    },
    set(target, name, value) {
      const key = String(name);
      if (!(key in DEFAULTS)) throw new TypeError(`a 2D context has no ${key} to set`);
      target.log.push([key, value]);
      return Reflect.set(target.state, key, value);
    },
  });
  return /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (proxy));
}

/** An HTML canvas with a recording for a context. */
export class FakeCanvas {
  recording = new Recording();
  style = { setProperty() {} };
  clientWidth = 0;
  clientHeight = 0;
  #width = 300;
  #height = 150;
  #context = contextOf(this.recording);

  get width() {
    return this.#width;
  }

  set width(width) {
    this.#width = width;
    this.#forget();
  }

  get height() {
    return this.#height;
  }

  set height(height) {
    this.#height = height;
    this.#forget();
  }

  getContext() {
    return this.#context;
  }

  #forget() {
    Object.assign(this.recording, new Recording());
  }
}

/** Path2D: a path apart from a context, in units of the canvas that it is drawn on. */
export class FakePath2D extends PathRecorder {
  /** @param {FakePath2D} [from] */
  constructor(from) {
    super();
    this.shapes = copied(from?.shapes ?? []);
  }
}
