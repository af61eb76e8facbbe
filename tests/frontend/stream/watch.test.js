import assert from "node:assert/strict";
import { test } from "node:test";

import { Pictures } from "../../../frontend/app/stream/watch.js";
import { frame } from "./frame-fixture.js";

/** A page and a stream under the test's hand. */
function stage() {
  /** @type {any} */
  const at = { awake: true, now: 1000, sent: [], frames: [], painted: [], visible: new Map() };
  at.display = {
    isAwake: () => at.awake,
    onAwake: (/** @type {() => void} */ listener) => (at.wake = listener),
    onVisibility(/** @type {object} */ host, /** @type {(visible: boolean) => void} */ listener) {
      at.visible.set(host, listener);
      return () => at.visible.delete(host);
    },
    nextFrame: (/** @type {() => void} */ paint) => at.frames.push(paint),
    now: () => at.now,
    painted: (/** @type {object} */ _, /** @type {object} */ detail) => at.painted.push(detail),
  };
  at.connection = {
    state: "open",
    runId: "r",
    unpacks: true,
    received: 0,
    send: (/** @type {object} */ message) => at.sent.push(message),
    listen(/** @type {any} */ listener) {
      at.listener = listener;
      listener?.opened();
    },
  };
  at.animate = () => at.frames.splice(0).forEach((/** @type {() => void} */ paint) => paint());
  at.take = () => at.sent.splice(0);
  return at;
}

/**
 * @param {any} at
 * @param {object} [more]
 */
function watching(at, more = {}) {
  const pictures = new Pictures(at.display);
  pictures.attach(at.connection);
  const host = /** @type {any} */ ({});
  /** @type {any[]} */
  const got = [];
  const order = { id: "output", probe: "decision", fps: 30, host, paint: (/** @type {any} */ p) => got.push(p) };
  const watch = pictures.watch({ ...order, ...more });
  return { pictures, watch, host, got };
}

test("nothing is asked for before it is on screen, nor after", () => {
  const at = stage();
  const { host } = watching(at);
  assert.deepEqual(at.take(), []);
  at.visible.get(host)(true);
  assert.deepEqual(at.take(), [
    { kind: "subscribe", id: "output", probe: "decision", options: {}, fps: 30, step: null, packed: true },
  ]);
  at.awake = false;
  at.wake();
  assert.deepEqual(at.take(), [{ kind: "unsubscribe", id: "output" }]);
  at.awake = true;
  at.wake();
  assert.equal(at.take()[0].kind, "subscribe");
  at.visible.get(host)(false);
  assert.deepEqual(at.take(), [{ kind: "unsubscribe", id: "output" }]);
});

test("only the newest frame is painted, once, and acknowledged after", () => {
  const at = stage();
  const { host, got } = watching(at);
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.take();
  at.listener.frame(frame());
  at.listener.frame(frame());
  assert.equal(at.frames.length, 1);
  assert.equal(got.length, 0);
  at.animate();
  assert.equal(got.length, 1);
  assert.equal(got[0].step, 7);
  assert.deepEqual(at.take(), [{ kind: "ack", seqs: { output: 42 }, received: 0 }]);
  assert.deepEqual(at.painted, [{ id: "output", seq: 42, step: 7 }]);
});

test("a panel that throws stops nobody, and its frame is acknowledged", (t) => {
  const at = stage();
  const error = t.mock.method(console, "error", () => {});
  const { host } = watching(at, {
    paint() {
      throw new Error("a fault");
    },
  });
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.take();
  at.listener.frame(frame());
  at.animate();
  assert.equal(error.mock.callCount(), 1);
  assert.deepEqual(at.take(), [{ kind: "ack", seqs: { output: 42 }, received: 0 }]);
});

test("frames of a channel that was left are not painted", () => {
  const at = stage();
  const { host, got, watch } = watching(at);
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.now += 1000;
  watch.set({ resolution: 8 });
  at.listener.frame(frame());
  at.animate();
  assert.equal(got.length, 0);
});

test("while a step is awaited, others wait", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = stage();
  const { host, pictures } = watching(at);
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.listener.frame(frame());
  at.animate();
  at.take();
  at.now += 100;
  pictures.lookAt(100);
  pictures.lookAt(110);
  pictures.lookAt(120);
  const asked = () => at.take().flatMap((/** @type {any} */ m) => (m.kind === "subscribe" ? [m.step] : []));
  assert.deepEqual(asked(), [100]);
  at.listener.subscribed("output", "decision-1");
  at.now += 100;
  at.listener.frame(frame());
  at.animate();
  assert.deepEqual(asked(), [120]);
});

test("who drags a map or time asks forty times a second at most, and for the last of it", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = stage();
  const { host, pictures, watch } = watching(at);
  const others = ["network", "neurons", "weights"].map((id) => {
    const own = /** @type {any} */ ({});
    pictures.watch({ id, probe: id, host: own, paint() {} });
    return own;
  });
  for (const shown of [host, ...others]) at.visible.get(shown)(true);
  assert.equal(at.take().length, 4, "what is on screen is asked for at once");
  for (let move = 0; move < 1000; move++) {
    at.now += 5;
    t.mock.timers.tick(5);
    watch.set({ window: [move, move + 1] });
    pictures.lookAt(move);
    for (const id of ["output", "network", "neurons", "weights"]) at.listener.subscribed(id, "decision-1");
    at.listener.frame(frame());
    at.animate();
  }
  for (let rest = 0; rest < 100; rest++) {
    at.now += 5;
    t.mock.timers.tick(5);
  }
  const sent = at.take().filter((/** @type {any} */ m) => m.kind !== "ack");
  assert.ok(sent.length <= 12 + 5.5 * 40, `${sent.length} messages in 5.5 seconds`);
  const last = (/** @type {string} */ id) => sent.findLast((/** @type {any} */ m) => m.id === id);
  assert.deepEqual(last("output").options, { window: [999, 1000] });
  const shares = ["output", "network", "neurons", "weights"].map((id) => {
    assert.equal(last(id).step, 999);
    return sent.filter((/** @type {any} */ m) => m.id === id).length;
  });
  assert.ok(Math.min(...shares) > 30, `each has its share: ${shares}`);
});

test("a refusal is told to its watch, and other options are asked for anew", () => {
  const at = stage();
  /** @type {string[]} */
  const told = [];
  const { host, watch } = watching(at, { fail: (/** @type {any} */ e) => told.push(e.message) });
  at.visible.get(host)(true);
  at.take();
  at.listener.refused("output", { code: "probe_unfit", message: "no regions", path: "", hint: "" });
  assert.deepEqual(told, ["no regions"]);
  assert.deepEqual(at.take(), []);
  at.now += 100;
  watch.set({ resolution: 8 });
  assert.deepEqual(
    at.take().map((/** @type {any} */ m) => m.kind),
    ["subscribe"],
  );
});

test("a refusal that passes is not told, and the picture is asked for again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = stage();
  /** @type {string[]} */
  const told = [];
  const { host } = watching(at, { fail: (/** @type {any} */ e) => told.push(e.message) });
  at.visible.get(host)(true);
  at.take();
  at.listener.refused("output", { code: "engine_failure", message: "no worker", path: "", hint: "" });
  assert.deepEqual(at.take(), []);
  at.now += 400;
  t.mock.timers.tick(400);
  assert.deepEqual(
    at.take().map((/** @type {any} */ m) => m.kind),
    ["subscribe"],
  );
  assert.deepEqual(told, []);
});

test("whoever drags along the timeline sees the steps that take long to get to", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = stage();
  const { host, pictures } = watching(at);
  at.visible.get(host)(true);
  at.take();
  const passes = (/** @type {number} */ ms) => {
    at.now += ms;
    t.mock.timers.tick(ms);
  };
  passes(1000);
  const steps = () => at.take().map((/** @type {any} */ m) => m.step);
  pictures.lookAt(10);
  assert.deepEqual(steps(), [10]);
  for (let step = 11; step < 31; step++) {
    passes(100);
    pictures.lookAt(step);
  }
  assert.deepEqual(steps(), [], "the first step keeps its time");
  passes(600);
  assert.deepEqual(steps(), [30]);
  pictures.lookAt(null);
  passes(400);
  assert.deepEqual(steps(), [null], "back to the present there is no such wait");
});

test("another run's stream takes over all watches, live", () => {
  const at = stage();
  const { host, pictures } = watching(at);
  at.visible.get(host)(true);
  pictures.lookAt(5);
  at.take();
  const next = { ...at.connection, runId: "s" };
  pictures.attach(next);
  assert.deepEqual(
    at.take().map((/** @type {any} */ m) => [m.kind, m.step]),
    [["subscribe", null]],
  );
});

const FAILED = { code: "probe_failed", message: "This picture cannot be made", path: "", hint: "Take another." };

test("a picture that the server cannot make is said, and asked for again only when something else is", () => {
  const at = stage();
  /** @type {string[]} */
  const told = [];
  const { host, pictures, watch } = watching(at, { fail: (/** @type {any} */ e) => told.push(e.code) });
  const asked = () => at.take().filter((/** @type {any} */ m) => m.kind === "subscribe").length;
  at.visible.get(host)(true);
  assert.equal(asked(), 1);
  at.listener.subscribed("output", "decision-1");
  at.listener.refused("output", FAILED);
  assert.deepEqual(told, ["probe_failed"]);
  at.now += 60_000;
  for (const visible of [false, true]) at.visible.get(host)(visible);
  at.listener.opened();
  assert.equal(asked(), 0, "neither when it is scrolled back nor over a new stream of the same run");
  assert.equal(told.at(-1), "probe_failed");
  at.now += 1000;
  watch.set({ resolution: 8 });
  assert.equal(asked(), 1, "other options");
  at.listener.subscribed("output", "decision-2");
  at.now += 1000;
  pictures.lookAt(5);
  assert.equal(asked(), 1, "another step");
  at.listener.subscribed("output", "decision-3");
  at.now += 1000;
  pictures.lookAt(null);
  watch.set({});
  assert.equal(asked(), 1, "back at other options, which are asked for; not at those that fail");
  pictures.attach({ ...at.connection, runId: "s" });
  assert.equal(asked(), 1, "another run");
});

test("who opens a panel anew of a picture that cannot be made is told at once", () => {
  const at = stage();
  const { host, pictures, watch } = watching(at);
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.listener.refused("output", FAILED);
  watch.close();
  at.take();
  /** @type {string[]} */
  const told = [];
  const own = /** @type {any} */ ({});
  pictures.watch({ id: "other", probe: "decision", host: own, paint() {}, fail: ({ code }) => told.push(code) });
  at.now += 1000;
  at.visible.get(own)(true);
  assert.deepEqual([told, at.take()], [["probe_failed"], []]);
});

test("a refusal of what was asked for before is not taken for one of the present", () => {
  const at = stage();
  const { host, got, watch } = watching(at);
  at.visible.get(host)(true);
  at.listener.subscribed("output", "decision-0");
  at.now += 1000;
  watch.set({ resolution: 8 });
  at.listener.refused("output", FAILED);
  at.listener.subscribed("output", "decision-1");
  at.listener.frame(frame());
  at.animate();
  assert.equal(got.length, 1);
});

for (const code of ["engine_failure", "too_many"]) {
  test(`${code} is asked about again after a longer pause each time, and then the panel says why`, (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const at = stage();
    /** @type {number[]} */
    const told = [];
    const { host } = watching(at, { fail: () => told.push(at.now) });
    at.visible.get(host)(true);
    at.take();
    const start = at.now;
    /** @type {number[]} */
    const tries = [];
    at.listener.refused("output", { code, message: "not now", path: "", hint: "" });
    while (at.now < start + 120_000) {
      at.now += 25;
      t.mock.timers.tick(25);
      if (!at.take().length) continue;
      tries.push(at.now - start);
      at.listener.refused("output", { code, message: "not now", path: "", hint: "" });
    }
    assert.ok(tries.length >= 8 && tries.length <= 13, `${tries.length} tries in two minutes`);
    assert.ok(Number(tries[0]) <= 275, "the first is soon, as a worker is replaced at once");
    const pauses = tries.map((time, i) => time - (tries[i - 1] ?? 0));
    assert.ok(Math.min(...pauses.slice(5)) >= 15_000, `seldom in the end: ${pauses}`);
    assert.equal(told.length, tries.length - 4, "from the sixth refusal on the panel says why");
    assert.ok(Number(told[0]) - start < 10_000, "within ten seconds");
  });
}

test("pauses are spread, so that a class does not come back at once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const pauses = new Set();
  for (let viewer = 0; viewer < 20; viewer++) {
    const at = stage();
    const { host } = watching(at);
    at.visible.get(host)(true);
    at.take();
    at.listener.refused("output", { code: "engine_failure", message: "", path: "", hint: "" });
    const start = at.now;
    while (!at.take().length && at.now < start + 1000) {
      at.now += 1;
      t.mock.timers.tick(1);
    }
    pauses.add(at.now - start);
  }
  assert.ok(pauses.size > 5, [...pauses].join());
});

test("a picture that has come for a while begins anew with its patience", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = stage();
  let told = 0;
  const { host } = watching(at, { fail: () => (told += 1) });
  at.visible.get(host)(true);
  for (let failure = 0; failure < 20; failure++) {
    at.listener.subscribed("output", "decision-1");
    at.now += 20_000;
    at.listener.frame(frame());
    at.animate();
    at.listener.refused("output", { code: "engine_failure", message: "", path: "", hint: "" });
    at.now += 250;
    t.mock.timers.tick(250);
  }
  assert.equal(told, 0);
});

test("parts of a frame are acknowledged before there is anything to paint", () => {
  const at = stage();
  const { host, got } = watching(at);
  at.visible.get(host)(true);
  at.take();
  at.connection.received = 8200;
  at.listener.received();
  at.listener.received();
  at.animate();
  assert.deepEqual(at.take(), [{ kind: "ack", seqs: {}, received: 8200 }]);
  assert.equal(got.length, 0);
});
