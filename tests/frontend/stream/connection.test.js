import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";

import { wait } from "../../../frontend/app/stream/backoff.js";
import { Connection } from "../../../frontend/app/stream/connection.js";
import { open } from "../../../frontend/app/stream/frame.js";

/** @type {{messages: string[], frames: string[]}} */
const packed = JSON.parse(readFileSync(new URL("packed-fixture.json", import.meta.url), "utf8"));

class FakeSocket {
  /** @type {FakeSocket[]} */
  static made = [];
  readyState = 0;
  binaryType = "";
  /** @type {any[]} */
  sent = [];
  /** @type {() => void} */
  onopen = () => {};
  /** @type {(event: {data: unknown}) => void} */
  onmessage = () => {};
  /** @type {(event: {code: number}) => void} */
  onclose = () => {};

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    FakeSocket.made.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  /** @param {object} message */
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  /** @param {number} code */
  drop(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

const world = /** @type {any} */ (globalThis);
const before = { WebSocket: world.WebSocket, fetch: world.fetch };
/** @type {Connection | null} */
let connection = null;

beforeEach(() => {
  FakeSocket.made = [];
  world.WebSocket = FakeSocket;
  world.location = { protocol: "http:", host: "127.0.0.1:8000", pathname: "/" };
  world.fetch = async () => new Response("{}", { status: 200 });
});
afterEach(() => {
  connection?.close();
  Object.assign(world, before);
});

/** @returns {FakeSocket} */
const newest = () => /** @type {FakeSocket} */ (FakeSocket.made.at(-1));

/**
 * @param {() => boolean} done
 * @returns {Promise<void>}
 */
async function until(done) {
  for (let i = 0; i < 200 && !done(); i++) await new Promise((go) => setTimeout(go, 10));
  assert.ok(done());
}

test("it goes on after the last row when the stream was lost", async () => {
  /** @type {string[]} */
  const states = [];
  /** @type {unknown[]} */
  const got = [];
  connection = new Connection("r 1", {
    state: (state) => states.push(state),
    rows: (_, rows) => got.push(...rows.map(([row]) => row)),
  });
  assert.equal(newest().url, "ws://127.0.0.1:8000/api/runs/r%201/stream");
  newest().open();
  assert.deepEqual(newest().sent, [{ kind: "series", after: 0 }]);
  newest().say({ kind: "series", columns: ["row"], rows: [[1], [2], [3]] });
  newest().drop();
  assert.equal(connection.send({ kind: "pause" }), false);
  await until(() => FakeSocket.made.length === 2);
  newest().open();
  assert.deepEqual(newest().sent, [{ kind: "series", after: 3 }]);
  assert.deepEqual(states, ["open", "lost", "open"]);
  assert.deepEqual(got, [1, 2, 3]);
});

test("a run that is not there is gone, and not asked for again", async () => {
  world.fetch = async () => new Response('{"error": {"code": "unknown_run"}}', { status: 404 });
  connection = new Connection("none", {});
  newest().drop();
  await until(() => connection?.state === "gone");
  await new Promise((go) => setTimeout(go, 400));
  assert.equal(FakeSocket.made.length, 1);
});

test("an open stream that brings nothing for three seconds is silent until it brings something", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  /** @type {number[]} */
  const told = [];
  connection = new Connection("r", { silence: (seconds) => told.push(seconds) });
  mock.timers.tick(10_000);
  assert.deepEqual(told, [], "a stream that is not open yet");
  newest().open();
  mock.timers.tick(2500);
  newest().say({ kind: "snapshots", steps: [0] });
  mock.timers.tick(2000);
  assert.deepEqual(told, []);
  mock.timers.tick(2000);
  assert.deepEqual(told, [3, 4]);
  newest().say({ kind: "snapshots", steps: [0] });
  assert.deepEqual(told, [3, 4, 0]);
  mock.timers.tick(3000);
  newest().drop();
  mock.timers.tick(10_000);
  assert.deepEqual(told, [3, 4, 0, 3, 0], "a lost stream has a message of its own");
  mock.timers.reset();
});

test("a run that is deleted meanwhile is gone at once", () => {
  connection = new Connection("r", {});
  newest().open();
  newest().drop(4404);
  assert.equal(connection.state, "gone");
});

test("a run that was described and is deleted then is told apart from one that was never there", () => {
  connection = new Connection("r", {});
  newest().open();
  newest().say({ kind: "run", incarnation: "a", run: { id: "r" } });
  newest().drop(4404);
  assert.equal(connection.state, "deleted");
  connection.wake();
  connection.renew();
  assert.equal(FakeSocket.made.length, 1, "it is not asked for again");
});

test("a server that restarts is waited for, and that is no loss", async () => {
  /** @type {string[]} */
  const states = [];
  connection = new Connection("r", { state: (state) => states.push(state) });
  newest().open();
  newest().drop(1012);
  assert.deepEqual(states, ["open", "restarting"]);
  world.fetch = () => Promise.reject(new TypeError("no server"));
  await until(() => FakeSocket.made.length === 2);
  newest().drop(1006);
  assert.equal(connection.state, "restarting", "it is still on its way");
  connection.wake();
  assert.equal(connection.state, "restarting");
  newest().open();
  assert.deepEqual(states, ["open", "restarting", "open"]);
});

test("an announced restart that never ends is a server that is not there", async () => {
  world.fetch = () => Promise.reject(new TypeError("no server"));
  connection = new Connection("r", {});
  newest().open();
  newest().drop(1012);
  for (let failures = 1; failures < 12; failures++) {
    assert.equal(connection.state, "restarting", `after ${failures}`);
    connection.wake();
    newest().drop(1006);
  }
  assert.equal(connection.state, "lost");
});

test("a stream that was open and is lost asks for nothing: it only connects again", async () => {
  let asked = 0;
  world.fetch = async () => {
    asked += 1;
    return new Response("{}", { status: 200 });
  };
  connection = new Connection("r", {});
  newest().open();
  newest().drop(1006);
  await until(() => FakeSocket.made.length === 2);
  assert.equal(asked, 0, "a class of three hundred that loses a proxy does not ask three hundred times");
  newest().drop(1006);
  await until(() => asked === 1);
});

test("each end is told apart", () => {
  const ends = { 1006: "lost", 1009: "lost", 1013: "slow", 4401: "signed-out", 4403: "refused", 4404: "gone", 4429: "crowded" };
  for (const [code, state] of Object.entries(ends)) {
    connection?.close();
    connection = new Connection("r", {});
    newest().open();
    newest().drop(Number(code));
    assert.equal(connection.state, state, code);
  }
});

test("who is too slow each time waits longer each time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const waits = [];
  connection = new Connection("r", {});
  for (let times = 0; times < 4; times++) {
    newest().open();
    newest().drop(1013);
    const made = FakeSocket.made.length;
    let waited = 0;
    for (; FakeSocket.made.length === made; waited += 10) t.mock.timers.tick(10);
    waits.push(waited);
  }
  assert.ok(Number(waits[0]) >= 500 && Number(waits.at(-1)) >= 4000, String(waits));
});

test("a handshake that is refused is asked about: signed out, and no more tries", async () => {
  world.fetch = async () => Response.json({ error: { code: "unauthorized" } }, { status: 401 });
  connection = new Connection("r", {});
  newest().drop(1006);
  await until(() => connection?.state === "signed-out");
  await new Promise((go) => setTimeout(go, 400));
  assert.equal(FakeSocket.made.length, 1);
  connection.wake();
  assert.equal(connection.state, "signed-out", "until the server says otherwise");
  newest().open();
  assert.equal(connection.state, "open");
});

test("nothing comes while nobody looks, and nothing is lost over it", () => {
  /** @type {unknown[]} */
  const got = [];
  connection = new Connection("r", { rows: (_, rows) => got.push(...rows.map(([row]) => row)) });
  const first = newest();
  first.open();
  first.say({ kind: "series", columns: ["row"], rows: [[1]] });
  connection.rest();
  assert.equal(first.readyState, 3, "closed");
  first.say({ kind: "series", columns: ["row"], rows: [[2]] });
  first.drop(1006);
  assert.equal(connection.state, "resting");
  connection.wake();
  newest().open();
  assert.deepEqual(newest().sent, [{ kind: "series", after: 1 }]);
  newest().say({ kind: "series", columns: ["row"], rows: [[2], [3]] });
  assert.deepEqual(got, [1, 2, 3]);
});

test("who wakes with a sound stream keeps it; one that may be dead is replaced", () => {
  connection = new Connection("r", {});
  newest().open();
  connection.wake();
  assert.equal(FakeSocket.made.length, 1);
  const old = newest();
  connection.renew();
  assert.equal(old.readyState, 3);
  assert.equal(FakeSocket.made.length, 2);
  old.drop(1006);
  newest().open();
  assert.equal(connection.state, "open");
});

test("a loss is tried again at once by who comes back", () => {
  connection = new Connection("r", {});
  newest().open();
  newest().drop(1006);
  connection.wake();
  assert.equal(FakeSocket.made.length, 2);
});

test("messages go where they belong", () => {
  /** @type {unknown[]} */
  const heard = [];
  connection = new Connection("r", {
    run: ({ id }) => heard.push(id),
    change: ({ journal }) => heard.push(journal),
    progress: ({ step }) => heard.push(step),
    snapshots: (steps) => heard.push(steps),
    applied: (command, step) => heard.push([command.kind, step]),
    error: ({ code }) => heard.push(code),
  });
  connection.listen({
    opened: () => heard.push("opened"),
    subscribed: (id, channel) => heard.push([id, channel]),
    received: () => heard.push("received"),
    frame: (buffer) => heard.push(buffer.byteLength),
    refused: (id, { code }) => heard.push([id, code]),
  });
  const socket = newest();
  socket.open();
  socket.say({ kind: "run", run: { id: "r" } });
  socket.say({ kind: "change", run: {}, spec_in_force: {}, journal: { start: 0, entries: [] } });
  socket.say({ kind: "progress", step: 5 });
  socket.say({ kind: "snapshots", steps: [0, 30] });
  socket.say({ kind: "applied", command: { kind: "pause" }, step: 6 });
  socket.say({ kind: "subscribed", id: "output", channel: "c1" });
  socket.say({ kind: "error", error: { code: "bad_option" }, id: "output", command: null });
  socket.say({ kind: "error", error: { code: "conflict" }, id: null, command: { kind: "pause" } });
  socket.onmessage({ data: new ArrayBuffer(8) });
  assert.deepEqual(heard, [
    "opened",
    "r",
    { start: 0, entries: [] },
    5,
    [0, 30],
    ["pause", 6],
    ["output", "c1"],
    ["output", "bad_option"],
    "conflict",
    "received",
    8,
  ]);
});

test("waits double up to a limit, with jitter", () => {
  assert.equal(
    wait(1, () => 1),
    250,
  );
  assert.equal(
    wait(3, () => 1),
    1000,
  );
  assert.equal(
    wait(30, () => 1),
    8000,
  );
  assert.equal(
    wait(1, () => 0),
    125,
  );
});

test("a server that was cut off has other rows than were seen, and they are asked for", async () => {
  /** @type {unknown[]} */
  const got = [];
  /** @type {number[]} */
  const reborn = [];
  connection = new Connection("r", {
    rows: (_, rows) => got.push(...rows.map(([row]) => row)),
    reborn: ({ step }) => {
      reborn.push(step);
      return step / 10 + 1;
    },
  });
  newest().open();
  newest().say({ kind: "run", incarnation: "a", run: { id: "r", step: 0 } });
  newest().say({ kind: "series", columns: ["row"], rows: [[1], [2], [3], [4]] });
  newest().say({ kind: "run", incarnation: "a", run: { id: "r", step: 0 } });
  assert.deepEqual(reborn, [], "the same life of the server");
  newest().drop();
  await until(() => FakeSocket.made.length === 2);
  newest().open();
  newest().say({ kind: "run", incarnation: "b", run: { id: "r", step: 10 } });
  assert.deepEqual(reborn, [10]);
  // It went on beyond what was seen, before it heard that rows are missing here.
  newest().say({ kind: "series", columns: ["row"], rows: [[5], [6]] });
  assert.deepEqual(newest().sent, [{ kind: "series", after: 4 }, { kind: "series", after: 2 }]);
  newest().say({ kind: "series", columns: ["row"], rows: [[3], [4], [5], [6]] });
  assert.deepEqual(got, [1, 2, 3, 4, 3, 4, 5, 6]);
  assert.equal(connection.cursor, 6);
});

test("packed frames are read in their order, and counted", async () => {
  /** @type {number[]} */
  const seqs = [];
  connection = new Connection("r", {});
  assert.ok(connection.unpacks);
  connection.listen({
    opened: () => {},
    subscribed: () => {},
    received: () => {},
    frame: (buffer) => seqs.push(open(buffer).seq),
    refused: () => {},
  });
  newest().open();
  let bytes = 0;
  for (const message of packed.messages) {
    const data = Uint8Array.from(atob(message), (c) => c.charCodeAt(0)).buffer;
    newest().onmessage({ data });
    bytes += data.byteLength;
  }
  assert.equal(connection.received, bytes);
  while (seqs.length < packed.frames.length) await new Promise((done) => setImmediate(done));
  assert.deepEqual(seqs.slice(1).sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8], "the whole one is first");
  assert.deepEqual(seqs.filter((seq) => seq % 2), [1, 3, 5, 7]);
  connection.renew();
  newest().open();
  assert.equal(connection.received, 0);
});

test("a page that cannot read a packed frame goes on with whole ones", async (t) => {
  const error = t.mock.method(console, "error", () => {});
  connection = new Connection("r", {});
  newest().open();
  const third = Uint8Array.from(atob(packed.messages[2] ?? ""), (c) => c.charCodeAt(0)).buffer;
  newest().onmessage({ data: third });
  while (error.mock.callCount() === 0) await new Promise((done) => setImmediate(done));
  assert.equal(connection.unpacks, false);
  assert.equal(FakeSocket.made.length, 2);
});
