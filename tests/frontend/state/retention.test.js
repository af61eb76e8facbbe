/** Until when the server keeps the run on the page, in words, and keeping it longer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fresh, shown, store } from "./fresh.js";

const { loadRetention, pin, retention, retentionWords } = await import(
  "../../../frontend/app/state/retention.js"
);

const week = {
  pinned: false, expires_at: Date.UTC(2026, 11, 7, 12) / 1000, idle_seconds: 7 * 86_400, max_pinned: 5,
  max_runs: null, max_bytes: null,
}; // prettier-ignore

test("the date is named, and why there is one", () => {
  assert.equal(
    retentionWords(week, "UTC"),
    "This server deletes the run on 7 December 2026, unless somebody opens it before: it keeps a run that nobody uses for 7 days.",
  );
  assert.match(retentionWords({ ...week, idle_seconds: 7200 }), /for 2 hours/);
  assert.match(retentionWords({ ...week, idle_seconds: 90 * 60 }), /for 90 minutes/);
  assert.equal(retentionWords({ ...week, expires_at: null }), "This server keeps the run until somebody deletes it.");
  assert.equal(
    retentionWords({ ...week, max_runs: 200, max_bytes: 2 ** 29 }, "UTC").slice(retentionWords(week, "UTC").length),
    " Of a person it keeps 200 runs: for more, those that were unused for longest go first.",
  );
});

test("who keeps the run learns that it is kept, and a refusal is said", async () => {
  const server = await fresh();
  await loadRetention();
  assert.equal(retention.value?.pinned, false);
  await pin(true);
  assert.deepEqual(server.made("PATCH /api/runs/run1")[0]?.body, { pinned: true });
  assert.deepEqual([retention.value?.pinned, retention.value?.expires_at], [true, null]);
  server.refusals = [{ status: 422, code: "x", message: "You have pinned 5 runs", path: "pinned", hint: "" }];
  await pin(true);
  assert.equal(store.notices.value.at(-1)?.text, "You have pinned 5 runs.");
  shown.run.value = null;
  await loadRetention();
  assert.equal(retention.value, null);
});
