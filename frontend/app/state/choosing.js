/** Chooses the run on the page: an existing one, a new one, or the next one after a deletion. */

import { api } from "../stream/api.js";
import { asApiError, sentences } from "../stream/api-error.js";
import { forget, made, ownEntries, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { deleteLater, deleteSeveralLater, markDeleted } from "./deletions.js";
import { discard, isUntouched } from "./forking.js";
import { startTransition, NEW, OPENING, pending, REMOVAL, cancelTransition } from "./transitions.js";
import { reopenWith } from "./reopening.js";
import { notifyNotCreated } from "./quota.js";
import { session } from "./session.js";
import { startRun } from "./starting.js";
import { play } from "./transport.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import { ownershipOf } from "./ownership.js";
import { same } from "./spec-edits.js";
import * as store from "./store.js";
import { minimalSpec } from "./minimal-spec.js";

/** @typedef {import("../stream/api-error.js").ApiError} ApiError */
/** @typedef {import("./run-state.js").Run} Run */
/** @typedef {import("./run-state.js").Written} Written */

/**
 * Opens a run. If the run on the page is chosen while another is on its way, it stays.
 * @param {string} id
 * @param {Written | null} [settings]  used to start the run again if it no longer exists
 */
export async function openRun(id, settings = null) {
  if (shown.run.value?.id === id && pending()) return cancelTransition();
  await open(id, OPENING, settings);
}

/**
 * @param {string} id
 * @param {import("./transitions.js").Kind} kind
 * @param {Written | null} [settings]
 */
async function open(id, kind, settings = null) {
  const transition = startTransition(kind, id);
  try {
    await showRun(await api.run(id), transition);
  } catch (thrown) {
    if (transition.current) await cannotOpen(id, asApiError(thrown), settings);
  } finally {
    transition.end();
  }
}
reopenWith(openRun);

/**
 * @param {Run} run
 * @param {import("./transitions.js").Transition} transition
 */
async function showRun(run, transition) {
  const known = recorded(run.id);
  const { written, described } = await minimalSpec(run.spec_in_force, known?.written ?? {});
  if (!transition.current) return;
  transition.arrive(run.id);
  shown.pace.value = run.pace;
  session.show(run, written, described, { note: known?.note });
}

const MAX_TRIED = 3;

/**
 * Opens the run of an address that names none: the last one of this browser's user; for a link with settings,
 * the one made from that link, or an untouched one with the same settings. Makes one only if there is none.
 * @param {Written | null} link  the settings of the link
 */
export async function openLast(link) {
  const transition = startTransition(NEW);
  try {
    for (const entry of ownEntries().filter((one) => fits(one, link)).slice(0, MAX_TRIED)) {
      const run = await existing(entry.id);
      if (!run || !transition.current) continue;
      if (link && !same(entry.link, link) && run.step > 0) continue;
      if (entry.made) made.add(run.id);
      await showRun(run, transition);
      if (run.step > 0 && shown.run.value?.id === run.id) notifyReopened(run.step, link);
      return;
    }
    await startRun(link ?? {}, transition, { link });
  } catch (thrown) {
    if (transition.current) await cannotMake(link ?? {}, asApiError(thrown));
  } finally {
    transition.end();
  }
}

/** @param {import("./store.js").Remembered} entry @param {Written | null} link */
const fits = (entry, link) =>
  link === null || same(entry.link, link) || (entry.step === 0 && same(entry.written, link));

/** The viewer's own run; null if it is no longer there, or not the viewer's. @param {string} id */
async function existing(id) {
  try {
    const run = await api.run(id);
    return ownershipOf(store.me.value, run.owner) === "own" ? run : null;
  } catch (thrown) {
    if (asApiError(thrown).status === 404) return null;
    throw thrown;
  }
}

/** @param {number} step @param {Written | null} link */
function notifyReopened(step, link) {
  const at = `It is at step ${step.toLocaleString("en")}.`;
  notify(link ? `You started this run from the same link before. ${at}` : `This is your last run. ${at}`, {
    topic: "reopened",
    action: { label: "Start a new run", act: () => void newRun(link ?? {}, { link }) },
  });
}

/** @param {boolean} known  whether the run's settings are known @returns {import("../types/api.js").Problem} */
function noSuchRun(known) {
  const why = "It was deleted, or the server deleted it because nobody had used it for long.";
  const next = known
    ? "Its settings are still here."
    : "The link has no settings to start it again with: ask its sender for a new link from Share, or start a new run.";
  return { code: "gone", message: "The run of this link is not on this server", path: "", hint: `${why} ${next}` };
}

/** @param {string} id @param {ApiError} refused @param {Written | null} settings */
async function cannotOpen(id, { status, problem }, settings) {
  const known = recorded(id)?.written ?? null;
  if (status === 404 && known && shown.run.value) {
    forget(id);
    notify("That run is no longer on the server. A new run with its settings has started.");
    await newRun(known);
  } else if (status === 404) {
    const written = known ?? settings;
    shown.written.value = written ?? {}; // those of the run before are not its settings
    session.showNone(noSuchRun(written !== null));
  } else if (shown.run.value) notifyProblem(problem);
  else session.showNone(problem);
}

/**
 * Makes a new run. If it is refused and there is no run yet (an edited link), the default run takes its
 * place and the refusal is shown.
 * @param {Written} document  a spec, any part of one
 * @param {{link?: Written | null, kind?: import("./transitions.js").Kind}} [how]
 * @returns {Promise<boolean>} whether it is on the page
 */
export async function newRun(document, { link = null, kind = NEW } = {}) {
  const transition = startTransition(kind);
  try {
    return await startRun(document, transition, { link });
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
 * Deletes a run from the list and, after a while in which it can be undone, from the server; another person's
 * run leaves the list only. If it is on the page, the next run of the list takes its place, unless another is
 * on its way.
 * @param {string} id
 * @param {{kept?: boolean}} [how]  `kept`: whether it is pinned
 */
export async function deleteRun(id, { kept = false } = {}) {
  if (pending()?.target === id) cancelTransition();
  const wasShown = shown.run.value?.id === id && !pending();
  const played = isGoing(shown.progress.value?.status);
  const takeBack = deleteLater(id, () => void (wasShown && reopenDeleted(id, played)), kept);
  for (let way = pending(); way; way = pending()) await way.ended;
  if (shown.run.value?.id !== id) return;
  const next = store.runs.value[0];
  if (next) await open(next.id, REMOVAL);
  else await newRun(shown.written.value, { kind: REMOVAL });
  // The next one could not be opened.
  if (shown.run.value?.id === id && !pending()) takeBack();
}

/**
 * Takes runs that the server has deleted for this page off the list; another takes the place of one on the page.
 * @param {string[]} ids
 */
export async function replaceDeleted(ids) {
  markDeleted(ids);
  ids.forEach(forget);
  const here = () => ids.includes(shown.run.value?.id ?? "");
  for (let way = pending(); here() && way; way = pending()) await way.ended;
  if (!here()) return;
  const next = store.runs.value[0];
  if (next) await open(next.id, REMOVAL);
  else await newRun(shown.written.value, { kind: REMOVAL });
}

/**
 * Deletes several runs, which can be undone. The one on the page is deleted by itself, as another takes its place.
 * @param {import("../types/api.js").Summary[]} runs  that the viewer may delete
 */
export async function deleteRuns(runs) {
  const here = runs.find(({ id }) => id === shown.run.value?.id && recorded(id));
  const others = runs.filter((run) => run !== here);
  if (others.length) deleteSeveralLater(others);
  if (here) await deleteRun(here.id, { kept: here.pinned });
}

/**
 * Opens a run whose deletion was undone, as it was, and discards the untouched one that took its place.
 * @param {string} id
 * @param {boolean} played  whether it trained
 */
async function reopenDeleted(id, played) {
  const other = shown.run.value;
  const untouched = isUntouched();
  await openRun(id);
  if (shown.run.value?.id !== id) return;
  if (played) void play();
  if (other && untouched) await discard(other.id);
}
