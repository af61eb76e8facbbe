/** The fields that a group may vary, and their values as people type them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "./server.js";
import { catalogue } from "./catalogue.js";

const { groupFields, parseValues, rangeProblem, rangeText, valueText } = await import("../../../frontend/app/state/group-fields.js");

/** @param {object} [more] */
const field = (more = {}) => ({
  path: "optimizer.lr", label: "Learning rate", section: "Training", type: /** @type {const} */ ("number"), whole: false,
  share: false, nullable: false, log: true, present: 0.01, options: [], ...more,
}); // prettier-ignore
const layers = field({ type: "layers" });
const share = field({ share: true });

/** @param {ReturnType<typeof field>} of @param {string} text */
function read(of, text) {
  const found = parseValues(of, text);
  assert.ok("values" in found, "message" in found ? found.message : "");
  return found.values;
}

/** @param {ReturnType<typeof field>} of @param {string} text */
function refusal(of, text) {
  const found = parseValues(of, text);
  assert.ok("message" in found);
  assert.ok(found.hint);
  return found.message;
}

test("numbers are separated by commas, semicolons or spaces", () => {
  assert.deepEqual(read(field(), "0.001, 0.01, 0.1"), [0.001, 0.01, 0.1]);
  assert.deepEqual(read(field(), "0.001,0.01,1e-1"), [0.001, 0.01, 0.1]);
  assert.deepEqual(read(field(), " 1  2\t3 "), [1, 2, 3]);
  assert.deepEqual(read(field(), "0,5; 1,5"), [0.5, 1.5], "a decimal comma, where semicolons separate");
  assert.deepEqual(read(field({ whole: true }), "1,000, 2,000"), [1000, 2000]);
  assert.deepEqual(read(field({ whole: true }), "10,20"), [10, 20]);
  assert.deepEqual(read(share, "10%, 0.5, 30"), [0.1, 0.5, 0.3]);
  assert.deepEqual(read(field({ nullable: true }), "none, 3"), [null, 3]);
});

test("layers are joined by hyphens, dots, spaces or times", () => {
  assert.deepEqual(read(layers, "8, 8-8, 8-8-8"), [[8], [8, 8], [8, 8, 8]]);
  assert.deepEqual(read(layers, "none; 4·4, 8 x 3, 12 12 8"), [[], [4, 4], [8, 8, 8], [12, 12, 8]]);
});

test("what cannot be read is quoted, and a value is given once", () => {
  assert.equal(refusal(field(), ""), "There are no values");
  assert.equal(refusal(field(), "0.1, a lot"), "“a” is not a number");
  assert.match(refusal(field(), "1,000, 2"), /may be 1000 or 1/);
  assert.equal(refusal(field(), "0.1, 0.10"), "0.1 is given twice");
  assert.equal(refusal(layers, "8, x"), "“x” is not a list of layers");
  assert.equal(refusal(layers, "8-8, 8·8"), "8·8 is given twice");
});

test("more values than a group has runs are refused in linear time, whatever separates them", () => {
  const many = Array.from({ length: 100_000 }, (_, i) => i + 1);
  for (const [of, separator] of /** @type {const} */ ([[field(), ", "], [field(), " "], [field(), ","], [field(), ";"], [layers, ", "]])) {
    const before = performance.now();
    assert.equal(refusal(of, many.join(separator)), "100,000 values are given");
    assert.ok(performance.now() - before < 1000, `${performance.now() - before} ms`);
  }
  assert.equal(read(field(), many.slice(0, 500).join(", ")).length, 500);
  assert.match(refusal(field(), `0.1, ${"1".repeat(100_000)}`), /^“1{60}…” is not a number$/);
});

test("a range without values says why", () => {
  const why = (/** @type {object} */ typed, of = field()) => rangeProblem(of, { count: "3", from: "0.1", to: "1", log: true, ...typed });
  assert.equal(why({}), "");
  assert.equal(why({ count: "", from: "", to: "" }), "", "nothing has been typed");
  for (const count of ["2.5", "1", "100000", "x"]) {
    assert.equal(why({ count }), `“${count}” is no number of values: give a whole number from 2 to 100.`);
  }
  assert.match(why({ from: "0" }), /^0 is not above 0: equal ratios need ends above 0/);
  assert.match(why({ to: "-1" }), /^-1 is not above 0/);
  assert.equal(why({ from: "-1", to: "0", log: false }), "");
  assert.equal(why({ to: "1e999" }), "“1e999” is too large: give a number.");
  assert.match(why({ to: "0.10" }), /^Both ends are the same/);
});

test("a range is filled in with three digits, by ratios or steps", () => {
  assert.equal(rangeText(field(), { count: 5, from: 0.001, to: 1, log: true }), "0.001, 0.00562, 0.0316, 0.178, 1");
  assert.equal(rangeText(field({ whole: true }), { count: 5, from: 1, to: 8, log: true }), "1, 2, 3, 5, 8");
  assert.equal(rangeText(share, { count: 3, from: 0, to: 0.5, log: false }), "0%, 25%, 50%");
  for (const wrong of [{ count: 1 }, { count: NaN }, { count: 2.5 }, { to: Infinity }, { from: NaN }, { to: 0.001 }, { from: 0 }]) {
    assert.equal(rangeText(field(), { count: 3, from: 0.001, to: 1, log: true, ...wrong }), "", JSON.stringify(wrong));
  }
});

test("values are written as in the settings", () => {
  const options = [{ value: "relu", label: "ReLU" }];
  assert.deepEqual(
    [[field(), 1e-4], [layers, [8, 8]], [layers, []], [field({ options }), "relu"], [share, 0.5], [null, { a: 1 }], [null, null]].map(
      ([of, value]) => valueText(/** @type {any} */ (of), /** @type {any} */ (value)),
    ),
    ["1e-4", "8·8", "none", "ReLU", "50%", '{"a":1}', "none"],
  );
});

test("the fields are those of the spec's kinds, without its seed", () => {
  const paths = groupFields(catalogue, catalogue.default).map(({ path }) => path);
  assert.ok(paths.includes("optimizer.lr") && paths.includes("model.hidden") && paths.includes("optimizer.kind"));
  assert.ok(!paths.includes("seed"));
  const others = catalogue.data.filter(({ kind }) => kind !== "spiral").flatMap(({ knobs }) => knobs.map(({ path }) => path));
  const own = catalogue.data.find(({ kind }) => kind === "spiral")?.knobs.map(({ path }) => path) ?? [];
  assert.ok(own.length > 0 && own.every((path) => paths.includes(path)));
  assert.ok(others.every((path) => own.includes(path) || !paths.includes(path)), "no field of other data");
  assert.equal(paths.indexOf("optimizer.lr"), 0, "the learning rate comes first");
  assert.equal(new Set(paths).size, paths.length);
});
