import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { wait } from "../../../frontend/app/stream/backoff.js";
import { Connection } from "../../../frontend/app/stream/connection.js";

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
  world.location = { protocol: "http:", host: "127.0.0.1:8000" };
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

test("a run that is deleted meanwhile is gone at once", () => {
  connection = new Connection("r", {});
  newest().open();
  newest().drop(4404);
  assert.equal(connection.state, "gone");
});

test("messages go where they belong", () => {
  /** @type {unknown[]} */
  const heard = [];
  connection = new Connection("r", {
    run: ({ id }) => heard.push(id),
    progress: ({ step }) => heard.push(step),
    applied: (command, step) => heard.push([command.kind, step]),
    error: ({ code }) => heard.push(code),
  });
  connection.listen({
    opened: () => heard.push("opened"),
    subscribed: (id, channel) => heard.push([id, channel]),
    frame: (buffer) => heard.push(buffer.byteLength),
    refused: (id, { code }) => heard.push([id, code]),
  });
  const socket = newest();
  socket.open();
  socket.say({ kind: "run", run: { id: "r" } });
  socket.say({ kind: "progress", step: 5 });
  socket.say({ kind: "applied", command: { kind: "pause" }, step: 6 });
  socket.say({ kind: "subscribed", id: "output", channel: "c1" });
  socket.say({ kind: "error", error: { code: "bad_option" }, id: "output", command: null });
  socket.say({ kind: "error", error: { code: "conflict" }, id: null, command: { kind: "pause" } });
  socket.onmessage({ data: new ArrayBuffer(3) });
  assert.deepEqual(heard, [
    "opened",
    "r",
    5,
    ["pause", 6],
    ["output", "c1"],
    ["output", "bad_option"],
    "conflict",
    3,
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
