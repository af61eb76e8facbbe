import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { build, mix, parse, pixel } from "../../../frontend/app/marks/colors.js";

const css = readFileSync(new URL("../../../frontend/styles/tokens.css", import.meta.url), "utf8");

/**
 * The tokens of a theme, as the page would read them.
 * @param {string} theme
 */
function palette(theme) {
  const block = css.slice(css.indexOf(`:root[data-theme="${theme}"]`));
  return build((name) => {
    const found = new RegExp(`--${name}:\\s*([^;]+);`).exec(block.slice(0, block.indexOf("}")));
    return found?.[1] ?? "";
  }, 1);
}

test("colours are read and stored as a canvas has them", () => {
  assert.deepEqual(parse("#e27a2f"), [0xe2, 0x7a, 0x2f]);
  assert.deepEqual(parse("#fff"), [255, 255, 255]);
  assert.equal(pixel([1, 2, 3]) >>> 0, 0xff030201);
  assert.deepEqual(mix([0, 0, 0], [10, 20, 30], 0.5), [5, 10, 15]);
});

for (const theme of ["light", "dark"]) {
  test(`the ${theme} scale runs from negative by paper to positive`, () => {
    const colors = palette(theme);
    const table = colors.table("diverging");
    assert.equal(table[0], pixel(parse(colors.css("negative"))) >>> 0);
    assert.equal(table[255], pixel(parse(colors.css("positive"))) >>> 0);
    const tinted = colors.table("diverging", true);
    assert.notEqual(tinted[255], table[255]);
    assert.equal(colors.table("sequential")[0], pixel(colors.zero) >>> 0);
    assert.equal(colors.css("test"), colors.css("accent"));
  });

  test(`the ${theme} classes differ from each other and from paper`, () => {
    const { classes, zero } = palette(theme);
    const all = [...classes, zero];
    for (const [i, a] of all.entries()) {
      for (const b of all.slice(i + 1)) {
        assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) > 36, `${a} and ${b}`);
      }
    }
  });
}
