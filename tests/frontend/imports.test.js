/** What a panel shows and does comes with the run that it is given: it reaches for no store. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const APP = resolve(dirname(fileURLToPath(import.meta.url)), "../../frontend/app");
/** Folders of what shows one run. Beside one run there may stand another. */
const GIVEN = ["panels", "views", "network", "inputs", "marks"];
/** What they may have of the page's state: what the browser remembers, and pure functions. */
const ALLOWED = ["state/memory.js", "state/mlp.js"];

/** @param {string} folder @returns {string[]} */
const files = (folder) =>
  readdirSync(join(APP, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(folder, name));

/** @param {string} file @returns {string[]} the modules that it imports, from the app's folder */
function imports(file) {
  const source = readFileSync(join(APP, file), "utf8");
  const found = [...source.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+)";/gms)];
  return found.map((match) => relative(APP, resolve(APP, dirname(file), String(match[1]))));
}

test("panels, views, the network, inputs and marks take the run that they are given", () => {
  for (const folder of GIVEN) {
    for (const file of files(folder)) {
      const state = imports(file).filter((name) => name.startsWith("state/") && !ALLOWED.includes(name));
      assert.deepEqual(state, [], `${file}: take it from the context (panels/context.js)`);
    }
  }
});

test("the shell stands above the rest: only the page's start and its keys know it", () => {
  for (const folder of [...GIVEN, "controls", "state", "stream"]) {
    for (const file of files(folder)) {
      assert.deepEqual(imports(file).filter((name) => name.startsWith("shell/")), [], file);
    }
  }
});

test("an import of the store would be seen", () => {
  assert.ok(imports("shell/top.js").includes("state/store.js"));
  assert.ok(imports("state/verbs.js").includes("state/ownership.js"), "of what is handed on, too");
});
