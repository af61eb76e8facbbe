import assert from "node:assert/strict";
import { test } from "node:test";

import { sentences } from "../../../frontend/app/stream/api-error.js";

test("a refusal is said in whole sentences, with its hint", () => {
  assert.equal(sentences({ message: "It is 9", hint: "Give 8." }), "It is 9. Give 8.");
  assert.equal(sentences({ message: "Is it 9?", hint: "Give 8" }), "Is it 9? Give 8.");
  assert.equal(sentences({ message: "It is gone.", hint: "" }), "It is gone.");
});
