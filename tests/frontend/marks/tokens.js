/** The colours of tokens.css, as the page would read them. */

import { readFileSync } from "node:fs";

import { build } from "../../../frontend/app/marks/colors.js";

const css = readFileSync(new URL("../../../frontend/styles/tokens.css", import.meta.url), "utf8");

/** @param {string} theme */
export function palette(theme) {
  const block = css.slice(css.indexOf(`:root[data-theme="${theme}"]`));
  return build((name) => {
    const found = new RegExp(`--${name}:\\s*([^;]+);`).exec(block.slice(0, block.indexOf("}")));
    return found?.[1] ?? "";
  }, 1);
}
