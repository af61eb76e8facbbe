/** Determines whether a run belongs to this browser's user. */

import { computed } from "@preact/signals-core";
import { shown } from "./shown.js";
import { me } from "./store.js";

/**
 * "own" accepts the viewer's commands; "watched" belongs to another person and does not; "other" belongs
 * to another person and does, as the viewer is an administrator.
 * @typedef {"own" | "watched" | "other"} Ownership
 */

/** The one owner on a server that serves its own machine alone. */
export const LOCAL = "local";

/** @param {import("../types/api.js").Me | null} me @param {string} owner @returns {Ownership} */
export function ownershipOf(me, owner) {
  if (!me || me.id === LOCAL || owner === me.id) return "own";
  return me.administrator ? "other" : "watched";
}

/** The value for the run on the page. */
export const ownership = computed(() => (shown.run.value ? ownershipOf(me.value, shown.run.value.owner) : "own"));

/** Whether the run on the page can only be watched. */
export const isWatched = () => ownership.value === "watched";

/** A few letters that distinguish an owner without a name. @param {string} owner */
export const shortOf = (owner) => owner.slice(0, 4) || "–";
