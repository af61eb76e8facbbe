/** What every renderer paints: its cases stand in drawn/KIND.js. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { RENDERERS } from "../../../frontend/app/marks/draw.js";
import { kinds } from "./drawn/draw.js";

for (const kind of Object.keys(RENDERERS)) {
  test(`what is painted of ${kind}`, async (t) => {
    const file = new URL(`./drawn/${kind}.js`, import.meta.url);
    const name = `tests/frontend/marks/drawn/${kind}.js`;
    assert.ok(existsSync(file), `nothing tests what is painted of ${kind}: add cases to ${name}`);
    const { cases } = /** @type {{cases: import("./drawn/draw.js").Cases}} */ (await import(file.href));
    kinds.clear();
    for (const [what, check] of Object.entries(cases)) await t.test(what, check);
    assert.ok(kinds.has(kind), `no case of ${name} draws a mark of kind ${kind}`);
  });
}
