/** When there is no room for another run: what is said, and which runs could go. */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { forget } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { me, making, run } from "./store.js";

/** @typedef {import("../types/api.js").Summary} Summary */

/**
 * Says why a new run was refused; where it is for want of room, and old ones of one's own are there,
 * these can be deleted.
 * @param {import("../types/api.js").Problem} problem
 */
export async function sayNotMade(problem) {
  const old = problem.code === "too_many" ? await ownRuns().catch(() => []) : [];
  if (!old.length) return notifyProblem(problem);
  notify(sentences(problem), {
    tone: "bad",
    action: { label: "Delete old runs", act: () => (making.value = true) },
  });
}

/** Runs of one's own on this server, oldest first, without the one on the page. */
export async function ownRuns() {
  const { runs } = await api.runs();
  return runs.filter(({ id, owner }) => owner === me.value?.id && id !== run.value?.id);
}

/** Whether nothing is lost that goes on. @param {Summary} run */
export const rests = ({ status }) => status !== "running" && status !== "queued";

/** @param {Summary[]} all */
export async function deleteAll(all) {
  for (const { id } of all) {
    try {
      await api.deleteRun(id);
    } catch (thrown) {
      // What another tab has deleted already is gone as well.
      if (asApiError(thrown).status !== 404) throw thrown;
    }
    forget(id);
  }
}
