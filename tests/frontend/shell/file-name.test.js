/** Names of saved files: the same cases as in tests/api/test_attachments.py. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName } from "../../../frontend/app/shell/file-name.js";

for (const [name, words] of /** @type {const} */ ([
  ["Spiral, 12·12·8 ReLU", "spiral-12-12-8-relu"],
  ["my run", "my-run"],
  ['../"a";\r\nb', "a-b"],
  ["Löß, Δ é", "lo-e"],
  ["наш", "run"],
  ["", "run"],
  ["--", "run"],
])) {
  test(`a run named ${JSON.stringify(name)} is saved as ${words}`, () => {
    assert.equal(fileName(name, "-spec.json"), `${words}-spec.json`);
  });
}

test("a long name is cut and its end is kept", () => {
  const found = fileName("x".repeat(120), "-spec.json");
  assert.deepEqual([found.length, found.slice(-11)], [80, "x-spec.json"]);
  assert.equal(fileName(`${"x".repeat(73)} y`, "-1.csv"), `${"x".repeat(73)}-1.csv`);
});
