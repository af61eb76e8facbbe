import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { missingOf } from "../../../frontend/app/panels/incomplete.js";
import { legendContent } from "../../../frontend/app/panels/legend.js";
import { factsOf, labelOf } from "../../../frontend/app/panels/picture-facts.js";
import { scoreFacts } from "../../../frontend/app/panels/scores.js";
import { matrix, plot, points } from "../marks/plots.js";
import { tensor } from "../marks/tensors.js";

test("plain facts are shown in words, those of many parts are not", () => {
  const found = factsOf({ test_images: 450, entropy: 0.4837, causal: true, by_layer: [1, 2], none: null, accuracy: 1 });
  assert.deepEqual(found, [
    { label: "Test images", value: "450" },
    { label: "Entropy", value: "0.484" },
    { label: "Causal", value: "yes" },
    { label: "None", value: "–" },
    { label: "Accuracy", value: "100%" },
  ]);
  assert.equal(labelOf("kl"), "Kl");
});

test("a legend says what a matrix's colours mean, by their kind", () => {
  const sequential = legendContent(plot([matrix([[1]], { peak: 2 })]), false);
  assert.deepEqual(sequential.scale, { low: 0, high: 2, kind: "sequential" });
  const diverging = legendContent(plot([matrix([[1]], { peak: 2, colors: "diverging" })]), false);
  assert.deepEqual(diverging.scale, { low: -2, high: 2, kind: "full" });
});

test("points of classes are explained by their classes, unless a map does it", () => {
  const dots = points([0, 1, 2], [0, 0, 0], { values: tensor([0, 4, 2]) });
  assert.deepEqual(legendContent(plot([dots]), false), { scale: null, classes: 5, lines: [], points: [] });
  const both = legendContent(plot([dots, { ...dots, hollow: true }]), false);
  assert.deepEqual(both.points.map(({ hollow }) => hollow), [false, true]);
});

test("a run's scores are those that it has, the best known first", () => {
  const context = /** @type {any} */ ({
    state: {
      viewedStep: { value: null },
      progress: { value: { metrics: { test_loss: 0.5, test_accuracy: 0.9, train_loss: 0.25, test_kl: null } } },
      run: { value: null },
    },
    series: {},
  });
  assert.deepEqual(
    scoreFacts(context).map(({ label, value }) => `${label} ${value}`),
    ["Test accuracy 90.0%", "Test loss 0.500", "Train loss 0.250"],
  );
});

test("what is missing of a picture has a line of its own", () => {
  const facts = { examples: 3, incomplete: "The first 3 of 9 examples: one answer has no room for more." };
  assert.deepEqual(factsOf(facts).map(({ label }) => label), ["Examples"]);
  assert.equal(missingOf(facts), facts.incomplete);
  assert.equal(missingOf({ examples: 3 }), "");
  assert.equal(missingOf(null), "");
});

test("every view of pictures says what is missing of them", () => {
  // The network asks for few units or one row, the panel of weights for one layer: theirs are always whole.
  const whole = [
    "network/mount.js", "network/popover.js", "network/weight-row.js", "panels/weights.js", "views/steps/network/picture.js",
  ]; // prettier-ignore
  const app = new URL("../../../frontend/app/", import.meta.url);
  const found = readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .filter((name) => /pictures\.watch\(/.test(readFileSync(new URL(name, app), "utf8")));
  assert.ok(found.length > whole.length);
  for (const name of found.filter((one) => !whole.includes(one))) {
    assert.match(readFileSync(new URL(name, app), "utf8"), /incomplete\.js/, name);
  }
});
