/** Whose a run is, as far as this browser is concerned. */

import { computed } from "@preact/signals-core";
import { me, run } from "./store.js";

/**
 * "own" obeys who looks at it; "watched" is somebody else's and does not; "other" is somebody
 * else's and does, as who looks is an administrator.
 * @typedef {"own" | "watched" | "other"} Whose
 */

/** Everybody, on a server for its own machine alone: there is nobody to be told apart. */
const LOCAL = "local";

/** @param {import("../types/api.js").Me | null} me @param {string} owner @returns {Whose} */
export function whoseIs(me, owner) {
  if (!me || me.id === LOCAL || owner === me.id) return "own";
  return me.administrator ? "other" : "watched";
}

/** That of the run on the page. */
export const whose = computed(() => (run.value ? whoseIs(me.value, run.value.owner) : "own"));

/** Whether the run on the page can only be watched. */
export const isWatched = () => whose.value === "watched";

/** A few letters by which somebody without a name is told apart. @param {string} owner */
export const shortOf = (owner) => owner.slice(0, 4) || "–";
