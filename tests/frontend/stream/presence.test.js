import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Presence } from "../../../frontend/app/stream/presence.js";

/** @type {any} */
let page;
/** @type {any} */
let view;
/** @type {string[]} */
let heard;
/** @type {Presence} */
let presence;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  view = new EventTarget();
  presence = new Presence(page, view);
  heard = [];
  presence.listen((news) => heard.push(`${news} ${presence.awake}`));
});

/** @param {"visible" | "hidden"} state */
function turn(state) {
  page.visibilityState = state;
  page.dispatchEvent(new Event("visibilitychange"));
}

test("a tab that stays hidden falls asleep, after a while", () => {
  turn("hidden");
  mock.timers.tick(3900);
  assert.deepEqual(heard, []);
  assert.ok(presence.awake);
  mock.timers.tick(200);
  assert.deepEqual(heard, ["asleep false"]);
  turn("visible");
  assert.deepEqual(heard, ["asleep false", "awake true"]);
});

test("who only glances at another tab finds all as it was", () => {
  turn("hidden");
  mock.timers.tick(2000);
  turn("visible");
  mock.timers.tick(10_000);
  assert.ok(!heard.includes("asleep false"));
});

test("a page that is left is asleep at once, and awake when one comes back to it", () => {
  view.dispatchEvent(new Event("pagehide"));
  assert.deepEqual(heard, ["asleep false"]);
  view.dispatchEvent(new Event("pageshow"));
  assert.deepEqual(heard, ["asleep false", "awake true"]);
});

test("after a change of the network nothing that was connected is trusted", () => {
  view.dispatchEvent(new Event("online"));
  assert.deepEqual(heard, ["stale true"]);
  view.dispatchEvent(new Event("pagehide"));
  view.dispatchEvent(new Event("online"));
  assert.deepEqual(heard, ["stale true", "asleep false"], "nobody looks: that comes first");
});

test("nor after the sleep of a laptop, which no event tells of", () => {
  let now = 0;
  const stop = presence.watchClock(() => now);
  for (let tick = 0; tick < 5; tick++) {
    now += 5000;
    mock.timers.tick(5000);
  }
  assert.deepEqual(heard, []);
  now += 3_600_000;
  mock.timers.tick(5000);
  assert.deepEqual(heard, ["stale true"]);
  stop();
});
