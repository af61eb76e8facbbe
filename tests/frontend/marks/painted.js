/** Questions to what was painted: which colours, where, in what order. */

/** @typedef {import("./recording.js").Painted} Painted */
/** @typedef {import("./paths.js").Shape} Shape */
/** @typedef {import("./paths.js").Point} Point */

/** Fractions of a pixel that single precision tells apart. */
const DIGITS = 1e4;

/** Without the rounding errors of a transform. @param {number} value */
export const round = (value) => Math.round(value * DIGITS) / DIGITS || 0;

/**
 * All that is seen, in order: an image of a layer is replaced by what the layer has, where it comes
 * to lie.
 * @param {Painted[]} painted
 * @returns {Painted[]}
 */
export function seen(painted) {
  return painted.flatMap((one) => {
    if (one.how !== "image" || !one.layer.length) return one.how === "clear" ? [] : [one];
    const { box, from } = one;
    const [across, down] = [box.width / from.width, box.height / from.height];
    const to = (/** @type {Point} */ [x, y]) =>
      /** @type {Point} */ ([round(box.left + (x - from.left) * across), round(box.top + (y - from.top) * down)]);
    return seen(one.layer).map((part) => ({
      ...part,
      width: round(part.width * Math.sqrt(across * down)),
      dash: part.dash.map((length) => length * across),
      shapes: part.shapes.map((shape) => moved(shape, to)),
      clips: [...one.clips, ...part.clips.map((clip) => clip.map((shape) => moved(shape, to)))],
      box: movedBox(part.box, to),
    }));
  });
}

/** @param {Shape} shape @param {(point: Point) => Point} to @returns {Shape} */
function moved(shape, to) {
  if (shape.kind === "line") return { ...shape, points: shape.points.map(to) };
  if (shape.kind === "box") return { ...shape, ...movedBox(shape, to) };
  const [x, y] = to([shape.x, shape.y]);
  return { ...shape, x, y, first: to(shape.first), second: to(shape.second) };
}

/** @param {import("./recording.js").Box} box @param {(point: Point) => Point} to */
function movedBox({ left, top, width, height }, to) {
  const [x, y] = to([left, top]);
  const [right, bottom] = to([left + width, top + height]);
  return { left: x, top: y, width: right - x, height: bottom - y };
}

/** @param {Painted[]} painted @param {Painted["how"]} how */
export const only = (painted, how) => seen(painted).filter((one) => one.how === how);

/** The corners of what was filled or stroked. @param {Painted | undefined} one @returns {Point[][]} */
export const corners = (one) =>
  (one?.shapes ?? []).flatMap((shape) =>
    shape.kind === "line" ? [shape.points.map(([x, y]) => /** @type {Point} */ ([round(x), round(y)]))] : [],
  );

/** Circles and ellipses with their colours, in the order of painting. @param {Painted[]} painted */
export function discs(painted) {
  return seen(painted).flatMap(({ how, color, alpha, width, shapes }) =>
    shapes.flatMap((shape) => {
      if (shape.kind !== "ellipse") return [];
      const axis = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([round(x - shape.x), round(y - shape.y)]);
      const [first, second] = [axis(shape.first), axis(shape.second)];
      const radius = round(Math.hypot(...first));
      return [{ how, color, alpha, width, x: round(shape.x), y: round(shape.y), radius, first, second }];
    }),
  );
}

/** Rectangles with their colours, as left, top, width, height. @param {Painted[]} painted @param {Painted["how"]} [how] */
export const boxes = (painted, how = "fill") =>
  only(painted, how).flatMap(({ color, shapes }) =>
    shapes.flatMap((shape) =>
      shape.kind === "box"
        ? [{ color, box: [shape.left, shape.top, shape.width, shape.height].map(round) }]
        : [],
    ),
  );

/** Texts with their places. @param {Painted[]} painted */
export const texts = (painted) =>
  only(painted, "text").map(({ text, color, align, box }) => ({ text, color, align, x: round(box.left), y: round(box.top) }));

/** Images: where they lie, and their pixels. @param {Painted[]} painted */
export const images = (painted) =>
  only(painted, "image").map(({ box, cells, smooth }) => ({
    box: [box.left, box.top, box.width, box.height].map(round), cells, smooth,
  })); // prettier-ignore
