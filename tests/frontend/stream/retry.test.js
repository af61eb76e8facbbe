import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { retry, CREATING, retryDelay, SAFE } from "../../../frontend/app/stream/retry.js";
import { ApiError } from "../../../frontend/app/stream/api-error.js";
import { api, onSignedOut } from "../../../frontend/app/stream/api.js";
import { Turns } from "../../../frontend/app/stream/turns.js";

const refused = (/** @type {number} */ status, /** @type {number | null} */ after = null) =>
  new ApiError(status, { code: "x" }, after);

test("what was refused for want of room is asked again, after the time that was named", async () => {
  const answers = [refused(429, 2), refused(503), null];
  /** @type {number[]} */
  const rested = [];
  const ask = async () => {
    const thrown = answers.shift();
    if (thrown) throw thrown;
    return "there";
  };
  const rest = async (/** @type {number} */ ms) => rested.push(ms);
  assert.equal(await retry(ask, SAFE, rest), "there");
  assert.ok(rested[0] !== undefined && rested[0] >= 2000 && rested[0] <= 2250, "never before");
  assert.ok(rested[1] !== undefined && rested[1] >= 250 && rested[1] <= 500);
});

test("it is not asked for ever, nor after a refusal that stays one, nor after a long time", async () => {
  let asked = 0;
  const full = async () => {
    asked += 1;
    throw refused(429, 0);
  };
  await assert.rejects(retry(full, SAFE, async () => {}));
  assert.equal(asked, 4);
  assert.equal(retryDelay(refused(422), 1, SAFE), null);
  assert.equal(retryDelay(refused(0), 1, SAFE), null);
  assert.equal(retryDelay(refused(429, 60), 1, SAFE), null);
  assert.equal(retryDelay(new TypeError("a fault"), 1, SAFE), null);
  assert.ok(retryDelay(refused(429, 1), 1, CREATING));
  assert.equal(retryDelay(refused(429, 5), 1, CREATING), null, "no room for a run: told at once");
  assert.equal(retryDelay(refused(503, 1), 1, CREATING), null, "it may have been done");
});

test("what the server has tried and given up is not asked for again, whatever its status", () => {
  for (const code of ["probe_failed", "out_of_memory"]) {
    for (const status of [500, 503]) assert.equal(retryDelay(new ApiError(status, { code }), 1, SAFE), null);
  }
  assert.ok(retryDelay(new ApiError(503, { code: "engine_failure" }), 1, SAFE));
});

const before = globalThis.fetch;
/** @type {{method: string, path: string}[]} */
let asked = [];
/** @type {{status: number, body?: object, after?: string}[]} */
let answers = [];

beforeEach(() => {
  asked = [];
  globalThis.fetch = async (path, { method = "GET" } = {}) => {
    asked.push({ method, path: String(path) });
    const { status, body, after = "0" } = answers.shift() ?? { status: 200, body: {} };
    if (status === 204) return new Response(null, { status });
    return Response.json(body ?? { error: { code: "too_many", message: "full" } }, {
      status,
      headers: { "Retry-After": after },
    });
  };
});
afterEach(() => {
  globalThis.fetch = before;
});

test("only calls that may come twice are asked twice after a fault", async () => {
  const once = [{ status: 503 }];
  answers = [...once];
  await api.run("r");
  answers = [...once];
  await api.describe({});
  answers = [...once, { status: 204 }];
  await api.deleteRun("r");
  assert.equal(asked.length, 6);
  for (const act of [
    () => api.createRun({}),
    () => api.fork("r", { step: null }),
    () => api.command("r", { kind: "step" }),
  ]) {
    answers = [{ status: 429, after: "5" }];
    asked = [];
    await assert.rejects(act(), { status: 429, retryAfter: 5, code: "too_many" });
    answers = [...once];
    await assert.rejects(act(), { status: 503 });
    assert.equal(asked.length, 2);
  }
});

test("whoever is signed out is told, whatever was asked for", async () => {
  /** @type {string[]} */
  const heard = [];
  onSignedOut(({ code }) => heard.push(code));
  answers = [{ status: 401, body: { error: { code: "unauthorized", message: "no" } } }];
  await assert.rejects(api.command("r", { kind: "pause" }), { status: 401 });
  assert.deepEqual(heard, ["unauthorized"]);
  onSignedOut(() => {});
});

test("turns come at once after a pause, and no sooner than their gap", async () => {
  let now = 1000;
  /** @type {number[]} */
  const rested = [];
  const turns = new Turns(50, {
    now: () => now,
    pause: async (ms) => {
      rested.push(ms);
      now += ms;
    },
  });
  await turns.next();
  assert.deepEqual(rested, []);
  now += 20;
  await turns.next();
  now += 80;
  await turns.next();
  assert.deepEqual(rested, [30]);
});
