import assert from "node:assert/strict";
import { test } from "node:test";

import { isStep, readHash, writeHash } from "../../../frontend/app/url.js";

for (const address of [
  { run: "a1-_B", spec: null, group: null },
  { run: null, spec: { data: { kind: "sine" }, training: { batch_size: null } }, group: "g-1_B" },
  { run: "x&y=z", spec: { name: "100% a+b & c #d" }, group: "g&h=i" },
]) {
  test(`an address is read as it was written: ${JSON.stringify(address)}`, () => {
    const hash = writeHash(address);
    assert.deepEqual(readHash(hash), { ...address, error: null });
    const encoded = hash.replaceAll('"', "%22");
    assert.deepEqual(readHash(encoded), { ...address, error: null }, "as a browser gives it back");
  });
}

test("nothing to say is no hash", () => {
  assert.equal(writeHash({}), "");
  assert.equal(writeHash({ spec: {} }), "");
  assert.deepEqual(readHash(""), { run: null, spec: null, group: null, error: null });
  assert.deepEqual(readHash("#network"), { run: null, spec: null, group: null, error: null });
});

for (const hash of ["#spec={broken", "#spec=[1]", "#spec=7", "#spec=null", "#spec="]) {
  test(`broken settings are said, not thrown: ${hash}`, () => {
    assert.match(readHash(hash).error ?? "", /cannot be read/);
    assert.equal(readHash(`${hash}&run=r`).run, "r");
  });
}

test("the way back leads to a group that was left or to the page before one, and to no other change", () => {
  for (const [before, after, step] of /** @type {[string, string, boolean][]} */ ([
    ["#run=a", "#run=a&group=g", true],
    ["#run=a&group=g", "#run=a", true],
    ["#run=a&group=g", "#run=a&group=h", true],
    ["#run=a", "#run=b", false],
    ["#group=g", "#run=a&group=g", false],
    ["", "#run=a", false],
  ])) assert.equal(isStep(before, after), step, `${before} to ${after}`);
});
