import assert from "node:assert/strict";
import { test } from "node:test";

import { imageAt, imageBox, imageGrid } from "../../../frontend/app/marks/images.js";
import { images, view } from "./plots.js";

test("images fill a room in as many rows as make them largest", () => {
  const grid = imageGrid(images(8), { width: 400, height: 200 }, 1);
  assert.deepEqual([grid.columns, grid.rows], [4, 2]);
  assert.ok(grid.columns * grid.across <= 400.01 && grid.rows * grid.down <= 200.01);
  assert.equal(grid.width, grid.height);
});

test("a picture's own number of columns holds", () => {
  const grid = imageGrid(images(6, { columns: 6 }), { width: 100, height: 400 }, 1);
  assert.deepEqual([grid.columns, grid.rows], [6, 1]);
});

test("where the room has any height, a row is as wide as the room", () => {
  const grid = imageGrid(images(4, { columns: 4 }), { width: 200, height: Infinity }, 1);
  assert.ok(grid.across <= 50 && grid.across > 46);
});

test("captions take room below their images", () => {
  const plain = imageGrid(images(2, { columns: 2 }), { width: 200, height: Infinity }, 1);
  const named = imageGrid(images(2, { columns: 2, labels: ["a", "b"] }), { width: 200, height: Infinity }, 1);
  assert.equal(named.width, plain.width);
  assert.ok(named.down >= plain.down + 12);
});

test("images with captions stand apart where a row has room for it", () => {
  const mark = images(8, { columns: 4, labels: Array(8).fill("disc → square") });
  const room = { left: 10, top: 0, width: 400, height: 120 };
  const grid = imageGrid(mark, room, 1);
  assert.ok(grid.across > 1.3 * grid.width && grid.across <= 100, String(grid.across));
  const [first, second] = [imageBox(grid, room, 0), imageBox(grid, room, 1)];
  assert.ok(first.left > room.left + 1 && Math.abs(second.left - first.left - grid.across) < 1e-9);
  // In a room that is as wide as the grid the images lie as before.
  const again = imageGrid(mark, { ...room, width: 4 * grid.across }, 1);
  assert.ok(Math.abs(again.across - grid.across) < 1e-9);
});

test("an image's pixels are whole pixels of the screen", () => {
  const { width } = imageGrid(images(1), { width: 107, height: 107 }, 1, 2);
  assert.equal((width * 2) % 4, 0);
  assert.ok(width > 100 && width <= 107);
});

test("the cursor finds an image and its pixel, and nothing between images", () => {
  const mark = images(4, { columns: 2 });
  const place = view();
  const box = imageBox(imageGrid(mark, place, 1), place, 3);
  const found = imageAt(mark, place, box.left + box.width * 0.9, box.top + box.height * 0.3);
  assert.deepEqual([found?.index, found?.row, found?.column], [3, 1, 3]);
  assert.equal(imageAt(mark, place, box.left - 1, box.top + 1), null);
  assert.equal(imageAt(mark, place, 5, 25), null);
  assert.equal(imageAt(images(3, { columns: 2 }), place, box.left + 5, box.top + 5), null);
});
