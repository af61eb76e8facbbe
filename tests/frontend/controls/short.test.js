import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";
import { knob as anyKnob } from "../state/catalogue.js";

new FakeServer().install();
const { isShort } = await import("../../../frontend/app/controls/number.js");

/** @param {string} path @param {object} more */
const knob = (path, more) => /** @type {any} */ (anyKnob(path, more));

test("two numbers with short names share a line", () => {
  assert.ok(isShort(knob("data.samples", { label: "Samples" })));
  assert.ok(isShort(knob("optimizer.beta1", { label: "β₁", symbol: "\\beta_1", restart: false })));
  assert.ok(!isShort(knob("data.test_fraction", { label: "Held out for testing", unit: "share" })));
  assert.ok(!isShort(knob("training.series_every", { label: "Row every", unit: "steps" })));
  assert.ok(!isShort(knob("training.steps", { label: "Steps", nullable: true })));
});
