import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, mix, parse, pixel, textRole } from "../../../frontend/app/marks/colors.js";
import { palette } from "./tokens.js";

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

/** The stops of the diverging scale, from −peak to peak. @param {string} theme */
function stops(theme) {
  const rgb = (/** @type {string} */ role) => parse(palette(theme).css(role));
  return /** @type {const} */ ([
    rgb("negative"), rgb("negative-half"), rgb("zero"), rgb("positive-half"), rgb("positive"),
  ]); // prettier-ignore
}

/**
 * The distances of neighbours in CIELAB, as somebody with these eyes has them.
 * @param {readonly number[][]} colors
 * @param {number[]} eyes
 */
function gaps(colors, eyes) {
  const seen = colors.map((rgb) => lab(rgb, eyes));
  return seen.slice(1).map((b, i) => Math.hypot(...b.map((value, part) => value - (seen[i]?.[part] ?? 0))));
}

test("the diverging scale has its stops at equal distances, and the tinted one is its inner part", () => {
  for (const theme of ["light", "dark"]) {
    const table = palette(theme).table("diverging");
    const [, low, , high] = stops(theme).map((rgb) => lab(rgb, EYES.all));
    for (const [value = 0, wanted = []] of /** @type {const} */ ([[table[64], low], [table[191], high]])) {
      const found = lab([value & 255, (value >> 8) & 255, (value >> 16) & 255], EYES.all);
      assert.ok(Math.hypot(...found.map((part, i) => part - (wanted[i] ?? 0))) < 2);
    }
    const tinted = palette(theme).table("diverging", true);
    assert.equal(tinted[255], table[204]); // 0.6 of the way from the middle to the end
    assert.equal(tinted[0], table[51]);
  }
});

test("halves and ends of the scale are as far apart in the dark as in the light", () => {
  for (const [eyes, matrix] of Object.entries(EYES)) {
    const least = Math.min(...gaps(stops("light"), matrix));
    for (const gap of gaps(stops("dark"), matrix)) {
      assert.ok(gap >= least, `${eyes}: ${gap.toFixed(1)} is less than ${least.toFixed(1)}`);
    }
    const [, low, , high] = stops("dark").map((rgb) => lab(rgb, matrix));
    const across = (low ?? []).map((value, i) => value - (high?.[i] ?? 0));
    assert.ok(Math.hypot(...across) > 80, `${eyes}: the halves are ${Math.hypot(...across).toFixed(1)} apart`);
  }
});

test("the halves of the dark scale are not grey and brown", () => {
  const [, low = 0, , high = 0] = stops("dark").map((rgb) => Math.hypot(...lab(rgb, EYES.all).slice(1)));
  assert.ok(low > 45 && high > 60, `${low.toFixed(1)} and ${high.toFixed(1)}`);
});

test("contrast is WCAG's", () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([255, 255, 255], [255, 255, 255]), 1);
  assert.equal(contrast(parse("#767676"), parse("#ffffff")).toFixed(2), "4.54");
});

test("text on any colour of a scale can be read", () => {
  for (const theme of ["light", "dark"]) {
    const colors = palette(theme);
    for (const name of /** @type {const} */ (["diverging", "ink", "sequential"])) {
      for (const under of colors.table(name)) {
        const ratio = contrast(parse(colors.css(textRole(colors, under))), [under & 255, (under >> 8) & 255, (under >> 16) & 255]);
        assert.ok(ratio > 4, `${theme} ${name}: ${ratio.toFixed(2)}`);
      }
    }
  }
});

test("the ends of the dark scale stand out from zero and from the page", () => {
  const { css } = palette("dark");
  const [negative, half, zero, otherHalf, positive] = stops("dark");
  for (const end of [negative, positive]) {
    assert.ok(contrast(end, zero) > 7, `${end} on zero`);
    for (const under of ["page", "surface"]) assert.ok(contrast(end, parse(css(under))) > 7, `${end} on ${under}`);
  }
  for (const middle of [half, otherHalf]) assert.ok(contrast(middle, zero) > 2.4, `${middle} on zero`);
});
