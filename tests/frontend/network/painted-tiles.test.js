/** Units as they are painted: their maps and curves, their biases, the colours of classes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink } from "../marks/screen.js";
import { networkColors } from "../../../frontend/app/network/colors.js";
import { LargeMap } from "../../../frontend/app/network/large-map.js";
import { corners, discs, images, only, seen, texts } from "../marks/painted.js";
import { plot } from "../marks/plots.js";
import { axis } from "../marks/tensors.js";
import { diverging } from "../marks/drawn/draw.js";
import { graphOf, painted, tilesOf } from "./painted-net.js";

/** @typedef {import("../../../frontend/app/network/layout.js").Box} Box */

/** @param {Box | undefined} box */
const square = (box) => [(box?.x ?? 0) - (box?.size ?? 0) / 2, (box?.y ?? 0) - (box?.size ?? 0) / 2, box?.size, box?.size];

const MAPS = { "0.0": [0, 255, 0, 255], "0.1": [0, 0, 255, 255], "1.0": [10, 64, 191, 250], "2.0": [127, 128, 1, 2] };
const graph = graphOf([[[1, 1]], [[1]]], [[-0.5], [2]]);

test("each unit's map fills its own tile, row 0 at the bottom, smoothly", async () => {
  const { maps, placed } = await painted([2, 1, 1], { graph, tiles: tilesOf(MAPS, [2, 2]) });
  const wanted = placed.places.flatMap(({ boxes }) => boxes).filter(({ size }) => size >= placed.tile);
  const found = images(maps);
  assert.deepEqual(found.map(({ box }) => box), wanted.map(square));
  const rows = Object.values(MAPS).map(([a = 0, b = 0, c = 0, d = 0]) => [[c, d], [a, b]].map((row) => row.map(diverging)));
  assert.deepEqual(found.map(({ cells }) => cells), rows);
  assert.ok(found.every(({ smooth }) => smooth));
});

test("maps find their units by name, in whatever order they come", async () => {
  const turned = tilesOf({ "1.0": [255, 255, 255, 255], "0.0": [0, 0, 0, 0] }, [2, 2]);
  const { maps, placed } = await painted([2, 1, 1], { graph, tiles: turned });
  const at = new Map(images(maps).map(({ box, cells }) => [box.join(), cells[0]?.[0]]));
  assert.equal(at.get(square(placed.places[0]?.boxes[0]).join()), ink("negative"));
  assert.equal(at.get(square(placed.places[1]?.boxes[0]).join()), ink("positive"));
});

test("a logit is shown as a probability, four times as fine", async () => {
  const tiles = tilesOf({ "2.0": [0, 0, 255, 255] }, [2, 2], [40]);
  const [one] = images((await painted([2, 1, 1], { graph, tiles, logits: true })).maps);
  assert.deepEqual([one?.cells.length, one?.cells[0]?.length], [8, 8]);
  assert.deepEqual([one?.cells[0]?.[0], one?.cells[7]?.[7]], [ink("positive"), ink("negative")]);
});

test("a tile is cut round, and has a rim over its map", async () => {
  const { maps, placed } = await painted([2, 1, 1], { graph, tiles: tilesOf(MAPS, [2, 2]) });
  const box = placed.places[1]?.boxes[0];
  const [left = 0, top = 0, width = 0] = square(box);
  const own = seen(maps).filter(({ box: at, shapes: [shape] }) => at.left === left || (shape?.kind === "box" && Math.abs(shape.left - left) < 1));
  assert.deepEqual(own.map(({ how, color }) => [how, color]), [["fill", ink("zero")], ["image", ""], ["stroke", ink("line")]]);
  assert.deepEqual(own[1]?.clips, [[{ kind: "box", left, top, width, height: width, radius: 6 }]]);
});

test("a bias is a dot at its tile's lower left corner: its colour the sign, its size the amount", async () => {
  const biased = graphOf([[[1, 1], [1, 1], [1, 1]], [[1, 1, 1]]], [[-0.5, 0, 0.25], [7]]);
  const { maps, placed } = await painted([2, 3, 1], { graph: biased });
  const dots = discs(maps).filter(({ how }) => how === "fill");
  const wanted = [
    [ink("negative"), 3], [ink("second"), 2], [ink("positive"), 2.5], [ink("positive"), 4],
  ]; // prettier-ignore
  assert.deepEqual(dots.map(({ color, radius }) => [color, radius]), wanted);
  const boxes = placed.places.slice(1).flatMap((place) => place.boxes);
  assert.deepEqual(dots.map(({ x, y }) => [x, y]), boxes.map(({ x, y, size }) => [x - size / 2 + 1, y + size / 2 - 1]));
  const rims = discs(maps).filter(({ how }) => how === "stroke");
  assert.ok(rims.every(({ color, width }) => color === ink("page") && width === 1.5));
});

test("an input that is off is dashed with a plus; those that are on are not", async () => {
  const { maps, placed } = await painted([1, 1], { on: ["x1"], graph: graphOf([[[1]]], [[0]]) });
  const dashed = only(maps, "stroke").filter(({ dash }) => dash.length);
  const off = placed.places[0]?.boxes.slice(1) ?? [];
  assert.deepEqual(dashed.map(({ dash, color, shapes: [shape] }) => [dash, color, shape?.kind === "box" && shape.left]), off.map(({ x, size }) => [[3, 3], ink("second"), x - size / 2 + 0.5]));
  const pluses = only(maps, "stroke").map((one) => corners(one)).filter((lines) => lines.length === 2);
  assert.deepEqual(pluses, off.map(({ x, y }) => [[[x - 4, y], [x + 4, y]], [[x, y - 4], [x, y + 4]]]));
});

test("a unit that puts out nothing is paler, one that has overflowed is crossed out", async () => {
  const tiles = tilesOf({ "1.0": [0, 0, 0, 0], "1.1": [9, 9, 9, 9] }, [2, 2], [1e-9, NaN]);
  const { maps, placed } = await painted([2, 2, 1], { graph: graphOf([[[1, 1], [1, 1]], [[1, 1]]], []), tiles });
  assert.deepEqual(only(maps, "image").map(({ alpha, box }) => [alpha, box.top]), [[0.55, square(placed.places[1]?.boxes[0])[1]]]);
  const [left = 0, top = 0, size = 0] = square(placed.places[1]?.boxes[1]);
  const cross = only(maps, "stroke").filter(({ alpha }) => alpha === 0.5).map((one) => corners(one)).filter((lines) => lines.length);
  assert.deepEqual(cross, [[[[left, top], [left + size, top + size]], [[left, top + size], [left + size, top]]]]);
});

test("every output's class has its colour beside its own tile, whichever page is shown", async () => {
  const { maps, placed } = await painted([2, 20], { firsts: [0, 16] });
  const dots = discs(maps).filter(({ radius }) => radius === 4);
  const boxes = placed.places.at(-1)?.boxes ?? [];
  assert.deepEqual(dots.map(({ color }) => color), [6, 7, 8, 9].map((k) => ink(`class-${k}`)));
  assert.deepEqual(dots.map(({ x, y }) => [x, y]), boxes.map((box) => [box.x + box.size / 2 + 11, box.y]));
});

/** A unit on the line whose output goes from −peak by 0 to peak. */
const onLine = tilesOf({ "1.0": [0, 127.5, 255].map(Math.round) }, [1, 3], [2]);

test("on the line a unit is a curve from end to end, up and orange where it is positive", async () => {
  const { maps, placed } = await painted([1, 1, 1], { on: ["x1"], tiles: onLine });
  const [left = 0, top = 0, size = 0] = square(placed.places[1]?.boxes[0]);
  const curves = only(maps, "stroke").filter((one) => corners(one)[0]?.length === 3);
  assert.deepEqual(curves.map(({ color, width }) => [color, width]), [[ink("positive"), 1.5], [ink("negative"), 1.5]]);
  const [low, middle, high] = corners(curves[0])[0] ?? [];
  assert.deepEqual([low, high], [[left, top + size - 3], [left + size, top + 3]]);
  assert.ok(middle && middle[0] === left + size / 2 && Math.abs(middle[1] - top - size / 2) < 0.5);
  const halves = curves.map(({ clips }) => clips.at(-1)?.[0]);
  assert.deepEqual(halves.map((half) => half?.kind === "box" && [half.top, half.height]), [[top, size / 2], [top + size / 2, size / 2]]);
  const areas = only(maps, "fill").filter(({ alpha }) => alpha === 0.28);
  assert.deepEqual(areas.map(({ color }) => color), [ink("positive"), ink("negative")]);
  assert.deepEqual(corners(areas[0])[0]?.slice(-2), [[left + size, top + size / 2], [left, top + size / 2]]);
});

/** @param {import("../../../frontend/app/types/pictures.js").TilesMark} tiles @param {object} axes */
function large(tiles, axes) {
  const { fake, canvas } = canvasOf(0, 0);
  new LargeMap(canvas).paint({ step: 0, facts: {}, plots: [plot([tiles], axes)] }, networkColors());
  return fake.recording.painted;
}

test("a large map has its numbers where its values lie", () => {
  const painted = large(tilesOf({ "1.0": [0, 64, 191, 255] }, [2, 2]), { x: axis(-2, 2), y: axis(0, 4) });
  const [map] = images(painted);
  assert.deepEqual(map?.cells, [[191, 255].map(diverging), [0, 64].map(diverging)]);
  const [left = 0, top = 0, width = 0, height = 0] = map?.box ?? [];
  const at = (/** @type {string} */ align) => new Map(texts(painted).filter((one) => one.align === align).map(({ text, x, y }) => [text, [x, y]]));
  const [across, up] = [at("center"), at("right")];
  assert.deepEqual([across.get("−2")?.[0], across.get("1")?.[0]], [left, left + 0.75 * width]);
  assert.deepEqual([up.get("0")?.[1], up.get("3")?.[1]], [top + height, top + height / 4]);
});

test("a large curve reaches the numbers that it stands for", () => {
  const painted = large(onLine, { x: axis(-2, 2), y: null });
  const [[low, , high] = []] = corners(only(painted, "stroke").find((one) => corners(one)[0]?.length === 3));
  const at = new Map(texts(painted).map(({ text, x, y }) => [text, { x, y }]));
  assert.ok(low && high);
  const zero = at.get("0")?.y ?? NaN;
  const one = at.get("1")?.y ?? NaN;
  // The peak is 2: the curve ends twice as far from 0 as 1 stands.
  assert.ok(Math.abs(zero - high[1] - 2 * (zero - one)) < 1e-3, `${high[1]} ${zero} ${one}`);
});
