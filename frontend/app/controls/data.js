/** The control for the data: the family, then one of its sets, as tiles if their points can be drawn. */

import { html } from "lit-html";
import { changeMany } from "../state/actions.js";
import { select } from "./choice.js";
import { dataTiles } from "./data-tiles.js";

/** @typedef {import("../types/api.js").DataKind} DataKind */

const FAMILIES = [
  { family: "points", label: "Points" },
  { family: "images", label: "Images" },
  { family: "sequences", label: "Sequences" },
];

/**
 * @param {DataKind[]} rows
 * @param {DataKind | undefined} chosen
 */
export function dataControl(rows, chosen) {
  const sameFamily = rows.filter(({ family }) => family === chosen?.family);
  const set = (/** @type {string} */ kind) => void changeMany({ "data.kind": kind });
  const offered = FAMILIES.filter(({ family }) => rows.some((row) => row.family === family));
  return [
    offered.length > 1 ? familySwitch(offered, rows, chosen, set) : "",
    sameFamily.every(({ preview }) => preview)
      ? dataTiles(sameFamily, chosen?.kind ?? "", set)
      : select(KIND_KNOB, sameFamily, chosen?.kind ?? "", set),
  ];
}

const KIND_KNOB = {
  path: "data.kind",
  label: "Data set",
  symbol: "",
  explain: "The data to learn.",
  restart: true,
};

/**
 * The choice of a family. It selects the family's first set.
 * @param {typeof FAMILIES} offered
 * @param {DataKind[]} rows
 * @param {DataKind | undefined} chosen
 * @param {(kind: string) => void} set
 */
function familySwitch(offered, rows, chosen, set) {
  return html`<div class="segmented options families" role="radiogroup" aria-label="Kind of data">
    ${offered.map(({ family, label }) => {
      const on = family === chosen?.family;
      return html`<button
        type="button"
        role="radio"
        aria-checked=${on ? "true" : "false"}
        @click=${() => {
          const first = rows.find((row) => row.family === family);
          if (!on && first) set(first.kind);
        }}
      >
        ${label}
      </button>`;
    })}
  </div>`;
}
