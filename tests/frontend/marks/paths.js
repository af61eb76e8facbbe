/** Paths as the recording canvas keeps them: shapes in pixels of the canvas. */

/** @typedef {[number, number]} Point */
/** a, b, c, d, e, f as setTransform has them. @typedef {[number, number, number, number, number, number]} Matrix */
/** A polyline; of a curve its handles are among its points. @typedef {{kind: "line", points: Point[], closed: boolean}} Line */
/** Its centre, and the ends of both half axes. @typedef {{kind: "ellipse", x: number, y: number, first: Point, second: Point}} Ellipse */
/** @typedef {{kind: "box", left: number, top: number, width: number, height: number, radius: number}} Rectangle */
/** @typedef {Line | Ellipse | Rectangle} Shape */

/** @type {Matrix} */
export const IDENTITY = [1, 0, 0, 1, 0, 0];

/** @param {Matrix} matrix @param {number} x @param {number} y @returns {Point} */
export const place = ([a, b, c, d, e, f], x, y) => [a * x + c * y + e, b * x + d * y + f];

/** The second is applied first. @param {Matrix} one @param {Matrix} two @returns {Matrix} */
export function times(one, two) {
  const [a, b, c, d, e, f] = two;
  const [p, q] = [place([one[0], one[1], one[2], one[3], 0, 0], a, b), place([one[0], one[1], one[2], one[3], 0, 0], c, d)];
  return [...p, ...q, ...place(one, e, f)];
}

/** How much longer lines become. @param {Matrix} matrix */
export const scaleOf = ([a, b, c, d]) => Math.sqrt(Math.abs(a * d - b * c));

/**
 * @param {Matrix} matrix without rotation
 * @param {number} x @param {number} y @param {number} width @param {number} height
 * @param {number} [radius]
 * @returns {Rectangle}
 */
export function boxed(matrix, x, y, width, height, radius = 0) {
  if (matrix[1] || matrix[2]) throw new RangeError("a box that is turned is no box");
  const [left, top] = place(matrix, x, y);
  const [right, bottom] = place(matrix, x + width, y + height);
  return { kind: "box", left, top, width: right - left, height: bottom - top, radius: radius * scaleOf(matrix) };
}

/**
 * @param {Matrix} matrix
 * @param {number} x @param {number} y @param {number} a @param {number} b @param {number} angle
 * @returns {Ellipse}
 */
export function ellipse(matrix, x, y, a, b, angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [centre, first, second] = [
    place(matrix, x, y),
    place(matrix, x + a * cos, y + a * sin),
    place(matrix, x - b * sin, y + b * cos),
  ];
  return { kind: "ellipse", x: centre[0], y: centre[1], first, second };
}

/** @param {Shape[]} shapes @returns {Shape[]} which a path that goes on leaves as they are */
export const copied = (shapes) =>
  shapes.map((one) => (one.kind === "line" ? { ...one, points: [...one.points] } : one));

/** The methods that trace a path, through `matrix`. */
export class PathRecorder {
  /** @type {Shape[]} */
  shapes = [];

  /** @type {Matrix} */
  get matrix() {
    return IDENTITY;
  }

  beginPath() {
    this.shapes = [];
  }

  closePath() {
    const last = this.shapes.at(-1);
    if (last?.kind === "line") last.closed = true;
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    this.shapes.push({ kind: "line", points: [place(this.matrix, x, y)], closed: false });
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    // What is no number is left out, and the first point of a path starts it, as on a real canvas.
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const last = this.shapes.at(-1);
    if (last?.kind === "line" && !last.closed) last.points.push(place(this.matrix, x, y));
    else this.moveTo(x, y);
  }

  /** @param {...number} handles two, and the end */
  bezierCurveTo(...handles) {
    for (let i = 0; i < 6; i += 2) this.lineTo(handles[i] ?? NaN, handles[i + 1] ?? NaN);
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to */
  arc(x, y, radius, from, to) {
    if (to - from < 2 * Math.PI) throw new RangeError("only full circles are recorded");
    this.shapes.push(ellipse(this.matrix, x, y, radius, radius, 0));
  }

  /** @param {number} x @param {number} y @param {number} a @param {number} b @param {number} angle */
  ellipse(x, y, a, b, angle) {
    this.shapes.push(ellipse(this.matrix, x, y, a, b, angle));
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.shapes.push(boxed(this.matrix, x, y, width, height));
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
  roundRect(x, y, width, height, radius) {
    this.shapes.push(boxed(this.matrix, x, y, width, height, radius));
  }
}
