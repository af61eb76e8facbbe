import assert from "node:assert/strict";
import { test } from "node:test";

import { aboutOf } from "../../../frontend/app/views/sequences/sequence-strip.js";

/**
 * @param {string} read
 * @param {string} target a dot where nothing is scored
 * @param {boolean} [forced]
 */
const about = (read, target, forced = true) =>
  aboutOf({ input: [...read], target: [...target].map((one) => (one === "." ? null : one)), forced });

test("an answer is called right where it is", () => {
  assert.match(about("54→4", "..45"), /the right answer .*teacher forcing/);
  assert.match(about("54→", "..4"), /the right answer/);
  assert.match(about("54→5", "..45"), /the typed answer/);
  assert.match(about("541→15", "...145"), /the typed answer/);
  assert.match(about("54→4→", "....."), /the typed answer/);
});

test("where a model reads its own answer, none is given", () => {
  const words = about("54→5", "..45", false);
  assert.doesNotMatch(words, /answer/);
});
