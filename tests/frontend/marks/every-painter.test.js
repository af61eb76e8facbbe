/** Whatever paints on a canvas is imported by a test that looks at what it paints. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const APP = join(ROOT, "frontend/app");
const TESTS = join(ROOT, "tests/frontend");

const PAINTS = /\.(fill|stroke|fillRect|strokeRect|drawImage|fillText|strokeText|putImageData)\(/;
/** Tested otherwise, and where. @type {{[path: string]: string}} */
const ELSEWHERE = {
  "panels/curves.js": "fills no canvas, but an array",
  "stream/series.js": "fills no canvas, but an array",
};

/** @param {string} folder @returns {string[]} */
const scripts = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js")).map((name) => join(folder, name));

/** @param {string} path */
const source = (path) => readFileSync(path, "utf8");

/** The project's files that a file imports. @param {string} path */
const imports = (path) =>
  Array.from(source(path).matchAll(/^(?:import|export)\s(?:[^;]*?from )?"(\.[^"]+)"|await import\("(\.[^"]+)"\)/gm), ([, plain, late]) =>
    normalize(join(dirname(path), plain ?? late ?? "")),
  );

/** @param {string[]} from */
function reached(from) {
  const found = new Set(from);
  for (const path of found) for (const one of imports(path)) found.add(one);
  return found;
}

test("whatever paints on a canvas is looked at by a test", () => {
  const looking = scripts(TESTS).filter((path) => path.endsWith(".test.js") && imports(path).includes(join(TESTS, "marks/painted.js")));
  assert.ok(looking.length > 5);
  const tested = reached([...looking, join(TESTS, "marks/drawing.test.js")]);
  const painters = scripts(APP).filter((path) => PAINTS.test(source(path))).map((path) => relative(APP, path));
  assert.ok(painters.includes("marks/line.js") && painters.includes("network/paint-edges.js"));
  for (const path of painters) {
    const test = `tests/frontend/${dirname(path)}/painted-….test.js`;
    assert.ok(path in ELSEWHERE || tested.has(join(APP, path)), `no test looks at what ${path} paints: add one to ${test}, with marks/painted.js`);
  }
});
