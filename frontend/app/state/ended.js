/** Whether a run takes no more commands. */

/** @param {import("../types/api.js").Run | null} run */
export function hasEnded(run) {
  return ["finished", "failed", "stopped"].includes(run?.status ?? "");
}
