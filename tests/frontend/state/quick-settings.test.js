/** The quick settings of presentation mode: a few that each family has, until the presenter chooses. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { catalogue } from "./catalogue.js";

const { MAX_QUICK_SETTINGS, eligible, quickSettings, setQuickSetting } = await import(
  "../../../frontend/app/state/quick-settings.js"
);

/** @type {any} */
const spec = catalogue.default;
const shown = () => quickSettings(catalogue, spec).map(({ path }) => path);

test("before any choice the first settings of the list that the spec has are shown", () => {
  assert.equal(shown()[0], "optimizer.lr");
  assert.ok(shown().includes("data.noise"));
  assert.ok(shown().length <= MAX_QUICK_SETTINGS);
});

test("a chosen setting comes last, one that is taken away goes, and never more than fit are shown", () => {
  setQuickSetting(catalogue, spec, "data.noise", false);
  assert.ok(!shown().includes("data.noise"));
  setQuickSetting(catalogue, spec, "data.samples", true);
  assert.equal(shown().at(-1), "data.samples");
  for (const { path } of eligible(catalogue, spec)) setQuickSetting(catalogue, spec, path, true);
  assert.equal(shown().length, MAX_QUICK_SETTINGS);
});

test("a choice that this spec does not have stays for the runs that have it", () => {
  const other = { ...spec, data: { ...spec.data, kind: "moons" } };
  setQuickSetting(catalogue, spec, "data.arms", true);
  const [first = ""] = shown();
  setQuickSetting(catalogue, spec, first, false);
  assert.ok(shown().includes("data.arms"));
  assert.ok(!quickSettings(catalogue, other).some(({ path }) => path === "data.arms"));
  setQuickSetting(catalogue, other, "data.noise", true);
  assert.ok(shown().includes("data.arms"), "it was not lost meanwhile");
});

test("a choice stored by an earlier version, under its name, is still read", async () => {
  const stored = new Map([["livenet.pins", JSON.stringify(["data.samples"])]]);
  const storage = { getItem: (/** @type {string} */ key) => stored.get(key) ?? null };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  const again = await import(/** @type {string} */ ("../../../frontend/app/state/quick-settings.js?again"));
  const paths = () => again.quickSettings(catalogue, spec).map((/** @type {{path: string}} */ { path }) => path);
  assert.deepEqual(paths(), ["data.samples"]);
});
