/** A legend's colours are those of what it explains. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "../marks/screen.js";
import { palette } from "../../../frontend/app/marks/colors.js";
import { legendContent } from "../../../frontend/app/panels/legend.js";
import { plot } from "../marks/plots.js";
import { ink } from "../marks/screen.js";
import { tensor } from "../marks/tensors.js";

const css = readFileSync(new URL("../../../frontend/styles/legend.css", import.meta.url), "utf8");
const rules = Array.from(css.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{([^}]*)\}/g), ([, selectors = "", body = ""]) => ({
  selectors: selectors.split(",").map((one) => one.trim()),
  background: /background: var\(--([\w-]+)\)/.exec(body)?.[1],
}));

/** The colour that a key has of its own. @param {string} selector */
const colorOf = (selector) => {
  const role = rules.find(({ selectors, background }) => background && selectors.includes(selector))?.background;
  return role && ink(role);
};

const ROLES = ["ink", "second", "third", "accent", "positive", "negative", "train", "test"];

test("a line's key has the colour that the line is drawn in", () => {
  for (const role of ROLES) {
    const own = colorOf(`.key.line.${role}`) ?? colorOf(".key.line");
    assert.equal(own, palette().css(role), role);
  }
});

test("a class's key has the colour that its points are drawn in", () => {
  for (let k = 0; k < 10; k++) assert.equal(colorOf(`.key.class-${k}`), palette().css(`class-${k}`));
});

test("a key has its own line's label, colour and dashes, in the order of the lines", () => {
  const line = (/** @type {import("../../../frontend/app/types/pictures.js").Role} */ color, /** @type {string} */ label, dashed = false) => ({
    kind: /** @type {const} */ ("line"), x: tensor([0]), y: tensor([0]), color, label, width: 1, dashed,
  }); // prettier-ignore
  const { lines } = legendContent(plot([line("ink", "y", true), line("third", ""), line("accent", "μ")]), false);
  assert.deepEqual(lines, [
    { label: "y", color: "ink", dashed: true },
    { label: "μ", color: "accent", dashed: false },
  ]);
});
