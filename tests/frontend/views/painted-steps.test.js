/** The network with the numbers of a step, and the example among the data, as they are painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink } from "../marks/screen.js";
import { networkColors } from "../../../frontend/app/network/colors.js";
import { palette } from "../../../frontend/app/marks/colors.js";
import { networkLayout } from "../../../frontend/app/views/steps/network/layout.js";
import { Painting, weightOf } from "../../../frontend/app/views/steps/network/painting.js";
import { ringExample } from "../../../frontend/app/views/steps/ring.js";
import { PLACE } from "../marks/drawn/draw.js";
import { corners, discs, images, only } from "../marks/painted.js";
import { view } from "../marks/plots.js";
import { axis } from "../marks/tensors.js";
import { graphOf, tilesOf } from "../network/painted-net.js";
import { flow, WEIGHTS } from "./steps.js";

const graph = graphOf(WEIGHTS, [[0, 0], [0]]);

/** @param {import("./steps.js").Flow} numbers */
function painted(numbers) {
  const counts = numbers.units.values.map((values) => values.length);
  const layout = networkLayout(counts, { width: 900, height: 260, scale: 1, coarse: false }, numbers.focus);
  const [under, over] = [canvasOf(0, 0), canvasOf(0, 0)];
  const painting = new Painting(under.canvas, over.canvas);
  const tiles = tilesOf({ "0.0": [0, 255], "0.1": [255, 0], "1.0": [128, 128], "1.1": [0, 0], "2.0": [255, 255] }, [1, 2]);
  const tall = { ...tiles, values: { ...tiles.values, data: Uint8Array.from({ length: 20 }, (_, i) => 50 * (i % 5)), shape: [5, 2, 2] } };
  const plot = { id: "neurons", marks: [tall], title: "", note: "", x: axis(-2, 2), y: axis(-2, 2), equal: true };
  painting.setMaps({ step: 0, plots: [plot], facts: {} }, false);
  painting.paint({ flow: numbers, layout, graph, point: [1, -1], colors: networkColors() });
  return { layout, edges: only(under.fake.recording.painted, "stroke"), maps: over.fake.recording.painted };
}

/** The last edges that were stroked: color and width. @param {ReturnType<typeof painted>} net @param {number} count */
const last = ({ edges }, count) => edges.slice(-count).map(({ color, width }) => [color, width]);

test("a product flows into the chosen unit, as wide as it is large, in the colour of its weight", () => {
  const net = painted(flow());
  assert.deepEqual(last(net, 3), [
    [ink("positive"), 0.75 + 4.25 / 2],
    [ink("negative"), 5],
    [ink("positive"), 0.75 + 4.25 / 4],
  ]);
  const target = net.layout.columns[1];
  for (const { shapes } of net.edges.slice(-3)) {
    const [line] = shapes;
    assert.ok(line?.kind === "line");
    assert.deepEqual(line.points.at(-1), [target?.left, target?.middles[0]]);
  }
});

test("what is not computed yet is dashed", () => {
  const dashed = painted(flow()).edges.filter(({ dash }) => dash.length > 0);
  assert.equal(dashed.length, 2, "both edges to the output");
  assert.ok(dashed.every(({ color }) => color === ink("line")));
});

test("δ flows back, as wide as W δ is large, and the chosen weight is the accent", () => {
  const net = painted(flow({ focus: { layer: 1, way: "backward" }, known: 2, row: 1, column: 0, products: [], bias: null }));
  const flows = net.edges.filter(({ alpha, color }) => color !== ink("accent") && alpha > 0.3);
  assert.deepEqual(flows.map(({ color, width }) => [color, width]), [[ink("positive"), 5], [ink("negative"), 0.75 + 4.25 / 8]]);
  const chosen = net.edges.at(-1);
  assert.equal(chosen?.color, ink("accent"));
  const ends = corners(chosen)[0] ?? [];
  const [from, to] = [net.layout.columns[0], net.layout.columns[1]];
  assert.deepEqual([ends[0]?.[1], ends.at(-1)?.[1]], [from?.middles[0], to?.middles[1]]);
  assert.deepEqual([weightOf(graph, 1, 1, 0), weightOf(graph, 1, 2, 0)], [0.5, null]);
});

test("each known unit has its map, with the example in its place", () => {
  const { layout, maps } = painted(flow());
  assert.equal(images(maps).length, 4, "not the output's");
  const dots = discs(maps).filter(({ how }) => how === "fill");
  assert.equal(dots.length, 4);
  const place = layout.columns[0];
  const size = layout.card.map;
  assert.deepEqual([dots[0]?.x, dots[0]?.y], [(place?.left ?? 0) + 4 + 0.75 * size, (place?.middles[0] ?? 0) + size / 4]);
});

/** (x, y) lies at (60 + 50·x, 120 − 10·y). @param {number[] | null} point */
function ringed(point) {
  const { fake, context } = canvasOf(220, 140);
  ringExample(view({ ...PLACE, canvas: context, palette: palette(), xAxis: axis(-1, 3), yAxis: axis(0, 10) }), point);
  return fake.recording.painted;
}

test("the example has a ring, and dashed lines to both axes", () => {
  const found = ringed([1, 8]);
  const [lines] = only(found, "stroke");
  assert.deepEqual(corners(lines), [[[10, 40], [102, 40]], [[110, 48], [110, 120]]]);
  assert.deepEqual(lines?.dash, [3, 3]);
  assert.deepEqual(discs(found).map(({ x, y, color, radius }) => [x, y, color, radius]), [[110, 40, ink("surface"), 8], [110, 40, ink("accent"), 8]]);
});

test("on the line the example is a line over the full height, and without one there is nothing", () => {
  assert.deepEqual(corners(only(ringed([1]), "stroke")[0]), [[[110, 20], [110, 120]]]);
  assert.deepEqual(ringed(null), []);
});
