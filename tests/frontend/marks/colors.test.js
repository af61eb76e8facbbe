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

/** Machado, Oliveira and Fernandes' matrices for full deficiency, on linear RGB. */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deuteranope: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protanope: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
};

/**
 * A colour in CIELAB, as somebody with these eyes has it.
 * @param {number[]} rgb
 * @param {number[]} eyes
 */
function lab(rgb, eyes) {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const times = (/** @type {number[]} */ matrix, /** @type {number[]} */ v) =>
    [0, 3, 6].map((row) => v.reduce((sum, value, i) => sum + (matrix[row + i] ?? 0) * value, 0));
  const seen = times(eyes, linear).map((c) => Math.min(1, Math.max(0, c)));
  const xyz = times([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], seen);
  const [x = 0, y = 0, z = 0] = xyz
    .map((c, i) => c / ([0.9505, 1, 1.089][i] ?? 1))
    .map((c) => (c > 0.008856 ? Math.cbrt(c) : 7.787 * c + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const theme of ["light", "dark"]) {
  test(`the colour-blind tell the ${theme} classes apart`, () => {
    const { classes } = palette(theme);
    for (const [eyes, matrix] of Object.entries(EYES)) {
      const seen = classes.map((rgb) => lab(rgb, matrix));
      seen.forEach((a, i) =>
        seen.slice(i + 1).forEach((b, j) => {
          const far = Math.hypot(...a.map((value, part) => value - (b[part] ?? 0)));
          assert.ok(far > 13, `${eyes}: classes ${i} and ${i + 1 + j} are ${far.toFixed(1)} apart`);
        }),
      );
    }
  });
}
