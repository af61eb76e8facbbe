import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";
import { catalogue, knob } from "../state/catalogue.js";

new FakeServer().install();
const { allowedText, inputError, inRange } = await import("../../../frontend/app/controls/number-range.js");
const { knobsOf } = await import("../../../frontend/app/state/knobs.js");
const { showFieldError, clearFieldError, clearTransientErrors } = await import("../../../frontend/app/state/refusals.js");
const { inPageWords } = await import("../../../frontend/app/state/refusal-words.js");
const { keepText, shownText, revert } = await import("../../../frontend/app/controls/rejected-text.js");
const { problemAt } = await import("../../../frontend/app/controls/field.js");
const { shown } = await import("../../../frontend/app/state/shown.js");

/** @typedef {import("../../../frontend/app/types/api.js").Knob} Knob */

const units = /** @type {Knob} */ (/** @type {unknown} */ (knob("n", { type: "integer", label: "Units", min: 1, max: 512 })));
const share = /** @type {Knob} */ (
  /** @type {unknown} */ (knob("data.test_fraction", { label: "Held out for testing", unit: "share", max: 0.9 }))
);

for (const [of, text, value, wrong] of /** @type {[Knob, string, number | null, string | null][]} */ ([
  [units, "16", 16, null],
  [units, "513", 513, "Units cannot be 513"],
  [units, "0", 0, "Units cannot be 0"],
  [units, "2.5", 2.5, "“2.5” is not a whole number"],
  [units, "abc", null, "“abc” is not a number"],
  [units, " ", null, "Units is empty"],
  [units, "99999999", 99999999, "Units cannot be 99999999"],
  [units, "1e9", 1e9, "Units cannot be 1e9"],
  [units, "1.000", null, "“1.000” may be 1000 or 1: write one of these"],
  [share, "1,000", null, "“1,000” may be 1000 or 1: write one of these"],
  [share, "150%", 1.5, "Held out for testing cannot be 150%"],
  [share, "50%", 0.5, null],
])) {
  test(`${JSON.stringify(text)} typed for ${of.label}`, () => {
    assert.equal(inputError(of, text, value), wrong);
    assert.equal(wrong === null, value !== null && inRange(of, value));
  });
}

test("what is allowed is said as the control writes it", () => {
  assert.equal(allowedText(units), "a whole number from 1 to 512");
  assert.equal(allowedText(share), "a number from 0% to 90%");
  assert.equal(
    allowedText({ ...units, nullable: true, explain: "Examples a step; none is the full batch." }),
    "a whole number from 1 to 512, or none for the full batch",
  );
});

test("a refusal of any field calls it by its control's label", () => {
  const rows = catalogue;
  for (const data of rows.data) {
    const spec = { ...rows.default, data: { ...rows.default.data, kind: data.kind } };
    for (const one of knobsOf(rows, spec)) {
      const message = `${one.path} is -1; it should be above 0, unlike ${one.path}`;
      const problem = { code: "invalid_spec", message, path: one.path, hint: `Give ${one.path}.` };
      const said = inPageWords(rows, spec, problem);
      const written = one.unit === "share" ? "-100%" : "-1";
      assert.equal(said.message, `${one.label} is ${written}; it should be above 0, unlike ${one.label}`);
      assert.equal(said.hint, `Give ${one.label}.`);
      assert.equal(said.path, one.path);
    }
  }
});

test("a refusal says values as they are written on the page", () => {
  const rows = catalogue;
  const problem = { code: "invalid_spec", message: "optimizer.lr is None; it should be a number", path: "", hint: "" };
  assert.equal(inPageWords(rows, rows.default, problem).message, "Learning rate is none; it should be a number");
  const layer = { ...problem, message: "model.hidden.1 is 513; this server allows 512", path: "model.hidden.1" };
  const label = knobsOf(rows, rows.default).find(({ path }) => path === "model.hidden")?.label ?? "model.hidden";
  assert.match(inPageWords(rows, rows.default, layer).message, new RegExp(`^${label.replaceAll(".", "\\.")}`));
  const kind = { ...problem, message: "optimizer.kind is 'x'", path: "optimizer.kind" };
  assert.equal(inPageWords(rows, rows.default, kind).message, "Kind of optimizer is 'x'");
});

test("what was refused goes when it no longer holds", () => {
  showFieldError("model.hidden.0", "“abc” is not a number", "Give one.");
  assert.equal(clearFieldError("model.hidden.1"), false);
  assert.equal(clearFieldError("model.hidden.0"), true);
  assert.equal(shown.errors.value.size, 0);
  const problem = { message: "", path: "", hint: "" };
  shown.errors.value = new Map([
    ["seed", { ...problem, code: "unreachable" }],
    ["data.noise", { ...problem, code: "invalid_spec" }],
  ]);
  assert.equal(clearTransientErrors(), true);
  assert.deepEqual([...shown.errors.value.keys()], ["data.noise"]);
});

test("what is refused of a part is said there alone", () => {
  showFieldError("model.initializer.gain", "Gain is empty", "");
  assert.ok(problemAt("model.initializer.gain"));
  assert.ok(problemAt("model.initializer"));
  assert.equal(problemAt("model.initializer", ["model.initializer.gain"]), null);
  showFieldError("model.initializer", "No such initializer", "");
  assert.ok(problemAt("model.initializer", ["model.initializer.gain"]));
});

test("a refused value stays in its field until another is given", () => {
  shown.errors.value = new Map();
  keepText("seed", "99999999999", 7);
  assert.equal(shownText("seed", 7, "7"), "7"); // it was taken, or is on its way
  showFieldError("seed", "Seed cannot be 99999999999", "");
  assert.equal(shownText("seed", 7, "7"), "99999999999");
  assert.equal(shownText("seed", 8, "8"), "8"); // somebody pressed the button beside it
  assert.equal(shownText("data.seed", 7, "7"), "7");
  showFieldError("optimizer.lr", "Learning rate is empty", "");
  assert.equal(shownText("seed", 7, "7"), "7");
});

test("Escape brings back the value that holds", () => {
  let left = false;
  const field = /** @type {HTMLInputElement} */ (/** @type {unknown} */ ({ value: "-1", blur: () => (left = true) }));
  keepText("optimizer.lr", "-1", 0.03);
  showFieldError("optimizer.lr", "Learning rate cannot be -1", "");
  revert("optimizer.lr", field, "0.03");
  assert.equal(field.value, "0.03");
  assert.ok(left);
  assert.equal(shown.errors.value.size, 0);
  showFieldError("optimizer.lr", "refused for another reason", "");
  assert.equal(shownText("optimizer.lr", 0.03, "0.03"), "0.03");
});

test("every control that can be refused says so to everybody", () => {
  const folder = new URL("../../../frontend/app/controls/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "field.js");
  const refusable = files.filter((name) => /problemText\(/.test(readFileSync(new URL(name, folder), "utf8")));
  assert.ok(refusable.length >= 9);
  for (const name of refusable) {
    const text = readFileSync(new URL(name, folder), "utf8");
    assert.match(text, /aria-invalid=\$\{invalid\(/, name);
    assert.match(text, /aria-describedby=\$\{describedBy\(/, name);
  }
});
