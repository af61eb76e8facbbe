import assert from "node:assert/strict";
import { test } from "node:test";

import { Pictures } from "../../../frontend/app/stream/watch.js";
import { frame } from "./frame-fixture.js";

/** A page and a stream under the test's hand. */
function stage() {
  /** @type {any} */
  const at = { awake: true, now: 1000, sent: [], frames: [], painted: [], seen: new Map() };
  at.scene = {
    awake: () => at.awake,
    onAwake: (/** @type {() => void} */ listener) => (at.wake = listener),
    onSeen(/** @type {object} */ host, /** @type {(seen: boolean) => void} */ listener) {
      at.seen.set(host, listener);
      return () => at.seen.delete(host);
    },
    nextFrame: (/** @type {() => void} */ paint) => at.frames.push(paint),
    now: () => at.now,
    painted: (/** @type {object} */ _, /** @type {object} */ detail) => at.painted.push(detail),
  };
  at.connection = {
    state: "open",
    runId: "r",
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
  const pictures = new Pictures(at.scene);
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
  at.seen.get(host)(true);
  assert.deepEqual(at.take(), [
    { kind: "subscribe", id: "output", probe: "decision", options: {}, fps: 30, step: null },
  ]);
  at.awake = false;
  at.wake();
  assert.deepEqual(at.take(), [{ kind: "unsubscribe", id: "output" }]);
  at.awake = true;
  at.wake();
  assert.equal(at.take()[0].kind, "subscribe");
  at.seen.get(host)(false);
  assert.deepEqual(at.take(), [{ kind: "unsubscribe", id: "output" }]);
});

test("only the newest frame is painted, once, and acknowledged after", () => {
  const at = stage();
  const { host, got } = watching(at);
  at.seen.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.take();
  at.listener.frame(frame());
  at.listener.frame(frame());
  assert.equal(at.frames.length, 1);
  assert.equal(got.length, 0);
  at.animate();
  assert.equal(got.length, 1);
  assert.equal(got[0].step, 7);
  assert.deepEqual(at.take(), [{ kind: "ack", seqs: { output: 42 } }]);
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
  at.seen.get(host)(true);
  at.listener.subscribed("output", "decision-1");
  at.take();
  at.listener.frame(frame());
  at.animate();
  assert.equal(error.mock.callCount(), 1);
  assert.deepEqual(at.take(), [{ kind: "ack", seqs: { output: 42 } }]);
});

test("frames of a channel that was left are not painted", () => {
  const at = stage();
  const { host, got, watch } = watching(at);
  at.seen.get(host)(true);
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
  at.seen.get(host)(true);
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
  for (const shown of [host, ...others]) at.seen.get(shown)(true);
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
  at.seen.get(host)(true);
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
  at.seen.get(host)(true);
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

test("another run's stream takes over all watches, live", () => {
  const at = stage();
  const { host, pictures } = watching(at);
  at.seen.get(host)(true);
  pictures.lookAt(5);
  at.take();
  const next = { ...at.connection, runId: "s" };
  pictures.attach(next);
  assert.deepEqual(
    at.take().map((/** @type {any} */ m) => [m.kind, m.step]),
    [["subscribe", null]],
  );
});
