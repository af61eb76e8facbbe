/** Handles a refusal for lack of room: the message, and the runs that can be deleted. */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { forget } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { shown } from "./shown.js";
import { me, makingRoom } from "./store.js";

/** @typedef {import("../types/api.js").Summary} Summary */

/**
 * Shows why a new run was refused; if the reason is lack of room and the viewer has old runs, offers to
 * delete them.
 * @param {import("../types/api.js").Problem} problem
 */
export async function notifyNotCreated(problem) {
  const old = problem.code === "too_many" ? await ownRuns().catch(() => []) : [];
  if (!old.length) return notifyProblem(problem);
  notify(sentences(problem), {
    tone: "bad",
    action: { label: "Delete old runs", act: () => (makingRoom.value = true) },
  });
}

/** The viewer's own runs on this server, oldest first, without the one on the page. */
export async function ownRuns() {
  const { runs } = await api.runs();
  return runs.filter(({ id, owner }) => owner === me.value?.id && id !== shown.run.value?.id);
}

/** Whether a run is inactive, so that deleting it interrupts no training. @param {Summary} run */
export const isInactive = ({ status }) => status !== "running" && status !== "queued";

/** @param {Summary[]} all */
export async function deleteAll(all) {
  for (const { id } of all) {
    try {
      await api.deleteRun(id);
    } catch (thrown) {
      // A run that another tab has deleted already counts as deleted.
      if (asApiError(thrown).status !== 404) throw thrown;
    }
    forget(id);
  }
}
