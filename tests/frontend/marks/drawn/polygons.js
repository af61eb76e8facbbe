import assert from "node:assert/strict";

import { corners, only, seen } from "../painted.js";
import { ink } from "../screen.js";
import { indices, tensor } from "../tensors.js";
import { diverging, drawn, sequential } from "./draw.js";

/** @typedef {import("../../../../frontend/app/types/pictures.js").PolygonsMark} PolygonsMark */

/**
 * A quadrilateral of two triangles, the first below the second: vertices at (10, 120), (210, 120),
 * (110, 20) and (10, 20) on the canvas.
 * @param {Partial<PolygonsMark>} [more] @returns {PolygonsMark}
 */
const faces = (more = {}) => ({
  kind: "polygons",
  vertices: tensor([-1, 0, 3, 0, 1, 10, -1, 10], [4, 2]),
  corners: indices([0, 1, 2, 0, 2, 3]),
  offsets: indices([0, 3, 6]),
  values: tensor([0, 1]),
  groups: null,
  lo: 0,
  hi: 1,
  colors: "sequential",
  ...more,
});

/** As many squares as fit, each of its own vertices. @param {number} side */
function grid(side) {
  const all = Array.from({ length: side * side }, (_, i) => [i % side, Math.floor(i / side)]);
  const places = all.flatMap(([x = 0, y = 0]) =>
    [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]].map(([a = 0, b = 0]) => [-1 + (4 * a) / side, (10 * b) / side]),
  );
  return faces({
    vertices: tensor(places.flat(), [places.length, 2]),
    corners: indices(places.map((_, i) => i)),
    offsets: indices(Array.from({ length: all.length + 1 }, (_, i) => 4 * i)),
    values: null,
  });
}

/** @type {import("./draw.js").Cases} */
export const cases = {
  "each is filled where its vertices lie, in its own colour": () => {
    const fills = only(drawn([faces()]), "fill");
    assert.deepEqual(fills.map((one) => corners(one)), [[[[10, 120], [210, 120], [110, 20]]], [[[10, 120], [110, 20], [10, 20]]]]);
    assert.deepEqual(fills.map(({ color }) => color), [ink("zero"), ink("accent")]);
  },
  "it lies there on a fine screen, too, its lines as wide": () => {
    const painted = drawn([faces()], { ratio: 2 });
    assert.deepEqual(corners(only(painted, "fill")[0]), [[[10, 120], [210, 120], [110, 20]]]);
    assert.equal(only(painted, "stroke")[0]?.width, 0.8);
  },
  "a value has the nearest of 256 colours between lo and hi": () => {
    const colors = (/** @type {Partial<PolygonsMark>} */ more) => only(drawn([faces(more)]), "fill").map(({ color }) => color);
    assert.deepEqual(colors({ values: tensor([0.4, 0.6]) }), [102, 153].map(sequential));
    assert.deepEqual(colors({ values: tensor([-1, 4]), lo: -2, hi: 2, colors: "diverging" }), [64, 255].map(diverging));
  },
  "edges are drawn over the fills, each once": () => {
    const painted = seen(drawn([faces()]));
    assert.deepEqual(painted.map(({ how }) => how), ["fill", "fill", "stroke"]);
    const lines = corners(painted[2]).map((line) => line.join(" ")).sort();
    assert.deepEqual(lines, ["10,120 10,20", "10,120 110,20", "10,120 210,120", "110,20 10,20", "210,120 110,20"]);
    const { color, alpha, width } = painted[2] ?? {};
    assert.deepEqual([color, alpha, width], [ink("ink"), 0.42, 0.8]);
  },
  "between polygons of one group there is no edge": () => {
    const [edges] = only(drawn([faces({ groups: indices([7, 7]) })]), "stroke");
    assert.deepEqual(corners(edges).filter((line) => line.join(" ") === "10,120 110,20"), []);
    assert.equal(corners(edges).length, 4);
  },
  "edges that would cover the map are paler and thinner": () => {
    const painted = drawn([grid(40)]);
    assert.deepEqual(only(painted, "fill"), []);
    const [edges] = only(painted, "stroke");
    assert.ok(edges && edges.alpha < 0.42 && edges.alpha >= 0.1 && edges.width < 0.8, JSON.stringify([edges?.alpha, edges?.width]));
  },
};
