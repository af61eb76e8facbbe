import assert from "node:assert/strict";
import { test } from "node:test";

import { layout } from "../../../frontend/app/network/layout.js";
import { LAPTOP, PHONE, net } from "./nets.js";

/** @typedef {import("../../../frontend/app/network/layout.js").Layout} Layout */

const NETS = [[2, 1], [2, 8, 8, 1], [2, 12, 12, 8, 1], [2, 512, 1], [2, 8, 8], [1, 1, 1]];

/** @param {Layout} found every tile lies in the content, below the heads, over no other */
function sound(found) {
  for (const place of found.places) {
    place.boxes.forEach((box, index) => {
      assert.ok(box.x - box.size / 2 >= 0 && box.x + box.size / 2 <= found.width);
      assert.ok(box.y - box.size / 2 >= found.head - 1 && box.y + box.size / 2 <= found.height);
      const next = place.boxes[index + 1];
      if (next) assert.ok(next.y - box.y > (box.size + next.size) / 2, "tiles do not touch");
    });
  }
  found.places.slice(1).forEach((place, index) => {
    assert.ok(place.x > (found.places[index]?.x ?? 0) + found.tile, "columns do not touch");
  });
}

for (const room of [LAPTOP, PHONE, { ...LAPTOP, scale: 1.5 }, { ...LAPTOP, width: 300, height: 200 }]) {
  for (const widths of NETS) {
    test(`${widths} fits at ${room.width}x${room.height}, type at ${room.scale}`, () => {
      sound(layout(net(widths).columns, room));
    });
  }
}

test("the default net needs no scrolling on a laptop", () => {
  const found = layout(net([2, 8, 8, 1]).columns, LAPTOP);
  assert.equal(found.width, LAPTOP.width);
  assert.equal(found.height, LAPTOP.height);
});

test("twenty layers scroll sideways and no further down", () => {
  const found = layout(net([2, ...Array(20).fill(6), 1]).columns, LAPTOP);
  sound(found);
  assert.ok(found.width > LAPTOP.width);
  assert.equal(found.height, LAPTOP.height);
  assert.equal(found.places.length, 22);
});

test("columns are evenly apart and centred on one line", () => {
  const { places } = layout(net([2, 8, 8, 1]).columns, LAPTOP);
  const gaps = places.slice(1).map((place, index) => place.x - (places[index]?.x ?? 0));
  assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1);
  const middles = places.map(({ top, bottom }) => (top + bottom) / 2);
  assert.ok(Math.max(...middles) - Math.min(...middles) <= 1.5);
});

test("the output is larger than what leads to it", () => {
  const { places, tile } = layout(net([2, 8, 8, 1]).columns, LAPTOP);
  assert.ok((places.at(-1)?.boxes[0]?.size ?? 0) > 1.4 * tile);
});

test("fingers get tiles 44 pixels apart", () => {
  const { pitch } = layout(net([2, 16, 1]).columns, PHONE);
  assert.ok(pitch >= 44);
});
