/** The settings of presentation mode: a few that each family has, until the presenter chooses. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { catalogue } from "./catalogue.js";

const { MAX_PINS, pinnable, pinned, setPinned } = await import("../../../frontend/app/state/pins.js");

/** @type {any} */
const spec = catalogue.default;
const shown = () => pinned(catalogue, spec).map(({ path }) => path);

test("before any choice the first settings of the list that the spec has are shown", () => {
  assert.equal(shown()[0], "optimizer.lr");
  assert.ok(shown().includes("data.noise"));
  assert.ok(shown().length <= MAX_PINS);
});

test("a chosen setting comes last, one that is taken away goes, and never more than fit are shown", () => {
  setPinned(catalogue, spec, "data.noise", false);
  assert.ok(!shown().includes("data.noise"));
  setPinned(catalogue, spec, "data.samples", true);
  assert.equal(shown().at(-1), "data.samples");
  for (const { path } of pinnable(catalogue, spec)) setPinned(catalogue, spec, path, true);
  assert.equal(shown().length, MAX_PINS);
});

test("a choice that this spec does not have stays for the runs that have it", () => {
  const other = { ...spec, data: { ...spec.data, kind: "moons" } };
  setPinned(catalogue, spec, "data.arms", true);
  const [first = ""] = shown();
  setPinned(catalogue, spec, first, false);
  assert.ok(shown().includes("data.arms"));
  assert.ok(!pinned(catalogue, other).some(({ path }) => path === "data.arms"));
  setPinned(catalogue, other, "data.noise", true);
  assert.ok(shown().includes("data.arms"), "it was not lost meanwhile");
});
