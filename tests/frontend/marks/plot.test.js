/** A whole plot on its canvas: its marks between its axes, on any screen and in either theme. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink, setRatio, setTheme } from "./screen.js";
import { PlotCanvas } from "../../../frontend/app/marks/plot.js";
import { boxes, corners, images, only, seen, texts } from "./painted.js";
import { bars, matrix, plot, points } from "./plots.js";
import { axis, tensor } from "./tensors.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").Mark} Mark */
/** @typedef {import("./recording.js").Painted} Painted */

/** @param {number[]} x @param {number[]} y @param {import("../../../frontend/app/types/pictures.js").Role} [color] */
const line = (x, y, color = "ink") => ({
  kind: /** @type {const} */ ("line"), x: tensor(x), y: tensor(y), label: "", color, width: 1, dashed: false,
}); // prettier-ignore

/** @type {Mark} */
const map = {
  kind: "heatmap", values: tensor([0, 1, 2, 3], [2, 2]), lo: 0, hi: 3, colors: "diverging", opacity: null, label: "",
}; // prettier-ignore

const AXES = { x: axis(-1, 3), y: { ...axis(0, 10), label: "y" } };

/** What a plot of 240 × 140 paints. @param {Mark[]} marks @param {object} [more] @param {object} [how] */
function shown(marks, more = AXES, how = {}) {
  const { fake, canvas } = canvasOf(240, 140);
  const made = new PlotCanvas(canvas, how);
  made.draw(plot(marks, more));
  assert.ok(made.view);
  return { fake, made, view: made.view, painted: fake.recording.painted };
}

/** The text of each number beside an axis, and its place. @param {Painted[]} painted @param {"x" | "y"} along */
const numbers = (painted, along) =>
  new Map(texts(painted).filter(({ align }) => (align === "center") === (along === "x")).map((one) => [one.text, one[along]]));

test("marks lie over one another in their order, the grid below all of them", () => {
  const { painted, view } = shown([line([-1, 3], [0, 10], "accent"), points([1], [5]), line([1], [5], "positive")]);
  const inside = seen(painted).filter(({ clips }) => clips.length > 0);
  const colors = [...new Set(inside.map(({ color }) => color))];
  assert.deepEqual(colors, [ink("line"), ink("accent"), ink("class-0"), ink("surface"), ink("positive")]);
  const [clip] = inside[0]?.clips[0] ?? [];
  const { left, top, width, height } = view;
  assert.deepEqual(clip, { kind: "box", left, top, width, height, radius: 0 });
});

test("numbers stand at their values, those of y upwards", () => {
  const { painted, view } = shown([line([-1, 3], [0, 10])]);
  const [across, up] = [numbers(painted, "x"), numbers(painted, "y")];
  const x = (/** @type {number} */ value) => Math.round(view.left + ((value + 1) / 4) * view.width) + 0.5;
  const y = (/** @type {number} */ value) => Math.round(view.top + (1 - value / 10) * view.height) + 0.5;
  assert.deepEqual([across.get("−1"), across.get("1"), across.get("2")], [x(-1), x(1), x(2)]);
  assert.deepEqual([up.get("0"), up.get("5")], [y(0), y(5)]);
  const ticks = only(painted, "stroke").filter(({ clips }) => !clips.length).flatMap((one) => corners(one));
  assert.ok(ticks.some(([from, to]) => from?.[0] === x(1) && to?.[0] === x(1)), "a tick across");
  assert.ok(ticks.some(([from, to]) => from?.[1] === y(5) && to?.[1] === y(5)), "a tick up");
  assert.ok(texts(painted).every(({ color }) => color === ink("third")));
});

test("faint lines go across at the numbers of y", () => {
  const { painted, view } = shown([line([-1, 3], [0, 10])]);
  const lines = boxes(painted.filter(({ clips }) => clips.length > 0));
  const at = [0, 5, 10].map((value) => Math.round(view.top + (1 - value / 10) * view.height));
  assert.deepEqual(lines.map(({ box }) => box), at.map((y) => [view.left, y, view.width, 1]));
  assert.ok(lines.every(({ color }) => color === ink("line")));
});

test("a map has one scale for both axes, round corners and no grid", () => {
  const { painted, view } = shown([map], { x: axis(-3, 3), y: axis(-3, 3), equal: true });
  assert.equal(view.width, view.height);
  assert.deepEqual(images(painted)[0]?.box, [view.left, view.top, view.width, view.height]);
  assert.deepEqual(painted.at(-1)?.clips[0]?.[0], { kind: "box", ...boxOf(view), radius: 6 });
  assert.deepEqual(boxes(painted.filter(({ clips }) => clips.length > 0)), []);
});

/** @param {import("../../../frontend/app/marks/view.js").View} view */
const boxOf = ({ left, top, width, height }) => ({ left, top, width, height });

test("on a fine screen all of it is as many pixels larger, and as fine", () => {
  setRatio(2);
  const { fake, painted, view } = shown([line([-1, 3], [0, 10]), points([1], [5])]);
  setRatio(1);
  assert.deepEqual([fake.width, fake.height], [480, 280]);
  const [curve] = only(painted, "stroke").filter(({ clips }) => clips.length > 0);
  const { left, top, width, height } = view;
  assert.deepEqual(corners(curve), [[[2 * left, 2 * (top + height)], [2 * (left + width), 2 * top]]]);
  assert.equal(curve?.width, 2);
  const dot = seen(painted).find(({ color }) => color === ink("class-0"))?.shapes[0];
  assert.ok(dot?.kind === "ellipse" && dot.x === 2 * (left + width / 2) && dot.y === 2 * (top + height / 2));
});

test("another theme draws all of it anew, in its colours", () => {
  const { fake, painted } = shown([line([-1, 3], [0, 10], "accent"), points([1], [5])]);
  const before = painted.length;
  setTheme("dark");
  const after = seen(fake.recording.painted.slice(before));
  setTheme("light");
  const roles = ["third", "line", "accent", "class-0", "surface"];
  assert.deepEqual([...new Set(after.map(({ color }) => color))].sort(), roles.map((role) => ink(role, "dark")).sort());
});

test("names stand beside their rows and columns, the first on top and at the left", () => {
  const named = matrix([[0, 1], [1, 0]], { rows: "query", columns: "key", row_labels: ["a", "b"], column_labels: ["c", "d"] });
  const { painted, view } = shown([named], { x: null, y: null });
  const at = new Map(texts(painted).map(({ text, x, y }) => [text, [x, y]]));
  const { left, top, width, height } = view;
  assert.deepEqual([at.get("a")?.[1], at.get("b")?.[1]], [top + height / 4, top + (3 * height) / 4]);
  assert.deepEqual([at.get("c")?.[0], at.get("d")?.[0]], [left + width / 4, left + (3 * width) / 4]);
  assert.ok((at.get("a")?.[0] ?? NaN) < left && (at.get("c")?.[1] ?? NaN) > top + height);
  assert.equal(at.get("query")?.[1], top + height / 2);
  assert.equal(at.get("key")?.[0], left + width / 2);
});

test("lying bars have their names beside them instead of numbers", () => {
  const { painted, view } = shown([bars([1, 2])], { x: axis(0, 2), y: null });
  const rows = texts(painted).filter(({ text }) => text.startsWith("z"));
  assert.deepEqual(rows.map(({ text, y }) => [text, y]), [["z1", view.top + view.height / 4], ["z2", view.top + (3 * view.height) / 4]]);
  assert.equal(numbers(painted, "x").size, 0);
});

test("what is drawn over a plot lies over its marks, within its box", () => {
  const overlay = (/** @type {import("../../../frontend/app/marks/view.js").View} */ { canvas }) => canvas.fillRect(1, 2, 3, 4);
  const last = shown([points([1], [5])], AXES, { overlay }).painted.at(-1);
  assert.ok(last?.shapes[0]?.kind === "box" && last.shapes[0].left === 1 && last.clips.length === 1);
});

test("the next picture clears the last one and leaves the axes", () => {
  const { fake, made, view } = shown([line([-1, 3], [0, 10])]);
  const before = fake.recording.painted.length;
  made.draw(plot([line([-1, 3], [10, 0])], AXES));
  const after = fake.recording.painted.slice(before);
  assert.deepEqual(after[0]?.how, "clear");
  assert.deepEqual(after[0]?.shapes[0], { kind: "box", ...boxOf(view), radius: 0 });
  assert.deepEqual(texts(after), []);
});

test("a small axis has numbers beside its 0, which alone says nothing of its scale", () => {
  const { painted } = shown([points([1], [1])], { x: axis(-3.6, 3.6), y: axis(-3.6, 3.6), equal: true });
  for (const along of /** @type {const} */ (["x", "y"])) {
    const found = numbers(painted, along);
    assert.ok(["−2", "0", "2"].every((number) => found.has(number)), `${along}: ${[...found.keys()]}`);
  }
});

test("the name of a row that is lower than its type is not cut off above", () => {
  const names = Array.from({ length: 40 }, (_, i) => String(i));
  const { painted } = shown([matrix(names.map(() => [1]), { row_labels: names })], {});
  const first = texts(painted).find(({ text }) => text === "0");
  assert.ok(first && first.y >= 5);
});
