/** Chooses the run on the page: an existing one, a new one, or the next one after a deletion. */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { forget, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { startTransition, NEW, OPENING, pending, REMOVAL, cancelTransition } from "./transitions.js";
import { reopenWith } from "./reopening.js";
import { notifyNotCreated } from "./quota.js";
import { session } from "./session.js";
import { startRun } from "./starting.js";
import { shown } from "./shown.js";
import * as store from "./store.js";
import { minimalSpec } from "./minimal-spec.js";

/** @typedef {import("../stream/api-error.js").ApiError} ApiError */
/** @typedef {import("./run-state.js").Written} Written */

/**
 * Opens a run. If the run on the page is chosen while another is on its way, it stays.
 * @param {string} id
 * @param {Written | null} [settings]  used to start the run again if it no longer exists
 */
export async function openRun(id, settings = null) {
  if (shown.run.value?.id === id && pending()) return cancelTransition();
  const transition = startTransition(OPENING, id);
  try {
    const run = await api.run(id);
    const known = recorded(id);
    const { written, described } = await minimalSpec(run.spec_in_force, known?.written ?? {});
    if (!transition.current) return;
    transition.arrive(id);
    shown.pace.value = run.pace;
    session.show(run, written, described, known?.note);
  } catch (thrown) {
    if (transition.current) await cannotOpen(id, asApiError(thrown), settings);
  } finally {
    transition.end();
  }
}
reopenWith(openRun);

/** @param {string} id @param {ApiError} refused @param {Written | null} settings */
async function cannotOpen(id, { status, problem }, settings) {
  const known = recorded(id)?.written;
  if (status === 404 && known && shown.run.value) {
    forget(id);
    notify("That run is no longer on the server. A new run with its settings has started.");
    await newRun(known);
  } else if (status === 404) {
    shown.written.value = known ?? settings ?? shown.written.value;
    session.showNone({ code: "gone", message: "There is no such run on this server", path: "", hint: "" });
  } else if (shown.run.value) notifyProblem(problem);
  else session.showNone(problem);
}

/**
 * Makes a new run. If it is refused and there is no run yet (an edited link), the default run takes its
 * place and the refusal is shown.
 * @param {Written} document  a spec, any part of one
 * @returns {Promise<boolean>} whether it is on the page
 */
export async function newRun(document) {
  const transition = startTransition(NEW);
  try {
    return await startRun(document, transition);
  } catch (thrown) {
    if (transition.current) await cannotMake(document, asApiError(thrown));
    return false;
  } finally {
    transition.end();
  }
}

/** @param {Written} document @param {ApiError} refused */
async function cannotMake(document, refused) {
  const { problem, status } = refused;
  if (shown.run.value) return void notifyNotCreated(problem);
  if (status !== 422 || !Object.keys(document).length) return session.showNone(problem);
  await newRun({});
  notify(`The default settings are shown: ${sentences(problem)}`, { tone: "bad" });
}

/**
 * Deletes a run from the server and from the list; another person's run leaves the list only. If it is on
 * the page, the next run of the list takes its place, unless another is on its way.
 * @param {string} id
 */
export async function deleteRun(id) {
  if (pending()?.target === id) cancelTransition();
  const transition = shown.run.value?.id === id && !pending() ? startTransition(REMOVAL) : null;
  try {
    if (recorded(id)?.ownership !== "watched") await api.deleteRun(id);
  } catch (thrown) {
    const problem = asApiError(thrown);
    if (problem.status !== 404 && problem.code !== "not_yours") {
      transition?.end();
      return notifyProblem(problem);
    }
  }
  forget(id);
  for (let way = pending(); way && way !== transition; way = pending()) await way.ended;
  if (shown.run.value?.id !== id) return transition?.end();
  const next = store.runs.value[0];
  if (next) await openRun(next.id);
  else await newRun(shown.written.value);
  transition?.end();
}
