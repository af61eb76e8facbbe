/**
 * Handles a refusal for lack of room: the message, and the runs that can be deleted. The server deletes unused runs
 * for a new one by itself, so these are runs that train, are pinned, or are open on a page.
 */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { sendDeletions } from "./deletions.js";
import { forget, leftovers } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import { makingRoom } from "./store.js";

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

/**
 * Makes a run. If there is no room, deletes for it what the viewer has deleted or left untouched, and tries again.
 * @template T
 * @param {() => Promise<T>} make
 */
export async function withRoom(make) {
  try {
    return await make();
  } catch (thrown) {
    if (asApiError(thrown).problem.code !== "too_many") throw thrown;
    const sent = await sendDeletions();
    if (!(await deleteLeftovers(0)) && !sent) throw thrown;
    return make();
  }
}

/**
 * Deletes runs that pages of this browser made and that never took a step.
 * @param {number} [age]  milliseconds; younger ones may be on another page
 * @returns {Promise<boolean>} whether there were any
 */
export async function deleteLeftovers(age) {
  let any = false;
  for (const { id } of leftovers(age)) {
    try {
      const { step, journal } = await api.run(id);
      // It may have trained since it was recorded.
      if (step > 0 || journal.length) continue;
      await api.deleteRun(id);
      any = true;
    } catch (thrown) {
      if (asApiError(thrown).status !== 404) continue;
    }
    forget(id);
  }
  return any;
}

/** The viewer's own runs on this server, oldest first, without the one on the page. */
export async function ownRuns() {
  const { runs } = await api.ownRuns();
  return runs.filter(({ id }) => id !== shown.run.value?.id);
}

/** Whether a run is inactive, so that deleting it interrupts no training. @param {Summary} run */
export const isInactive = ({ status }) => !isGoing(status);

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
