import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { watchSize } from "../../../frontend/app/marks/watch-size.js";

/** @typedef {(entries: {contentRect: {width: number, height: number}}[]) => void} Resized */

const element = /** @type {Element} */ ({});
/** @type {Resized} */
let resized = () => {};
let observed = 0;
/** Callbacks that wait for the next animation frame. @type {Map<number, () => void>} */
const frames = new Map();

Object.assign(globalThis, {
  ResizeObserver: class {
    /** @param {Resized} callback */
    constructor(callback) {
      resized = callback;
    }
    observe() {
      observed += 1;
    }
    disconnect() {
      observed -= 1;
    }
  },
  requestAnimationFrame(/** @type {() => void} */ callback) {
    frames.set(frames.size + 1, callback);
    return frames.size;
  },
  cancelAnimationFrame: (/** @type {number} */ frame) => frames.delete(frame),
});

function nextFrame() {
  const due = [...frames.values()];
  frames.clear();
  for (const callback of due) callback();
}

/** @type {[number, number][]} */
let seen = [];
/** @type {() => void} */
let stop;
const resize = (/** @type {number} */ width, /** @type {number} */ height) =>
  resized([{ contentRect: { width, height } }]);

beforeEach(() => {
  frames.clear();
  observed = 0;
  seen = [];
  stop = watchSize(element, ({ width, height }) => seen.push([width, height]));
});

test("a size is told in the next frame, never while sizes are observed", () => {
  resize(30, 20);
  assert.deepEqual(seen, []);
  nextFrame();
  assert.deepEqual(seen, [[30, 20]]);
});

test("of several sizes in a frame the newest is told", () => {
  resize(30, 20);
  resize(40, 10);
  nextFrame();
  assert.deepEqual(seen, [[40, 10]]);
  resize(50, 10);
  nextFrame();
  assert.deepEqual(seen, [[40, 10], [50, 10]]);
});

test("nothing is told after the end", () => {
  resize(30, 20);
  stop();
  nextFrame();
  assert.deepEqual(seen, []);
  assert.equal(observed, 0);
});
