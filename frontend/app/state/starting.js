/** Makes new runs from settings, and shows them in place of the run before. */

import { REMOVAL } from "./transitions.js";
import { api } from "../stream/api.js";
import { leaving } from "./deletions.js";
import { discard, isUntouched, pauseOwn } from "./forking.js";
import { forget, made } from "./history.js";
import { notify } from "./notices.js";
import { playedRuns } from "./played-runs.js";
import { reopen } from "./reopening.js";
import { sayingWhy } from "./server-start.js";
import { session } from "./session.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import * as store from "./store.js";
import { withRoom } from "./quota.js";
import { isWatched } from "./ownership.js";
import { changeWords, nameOf } from "./words.js";
import { differences, same, valueAt } from "./spec-edits.js";

/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("./transitions.js").Transition} Transition */
/** @typedef {import("./run-state.js").Written} Written */

/**
 * The run with which a new one is compared in its note: the last one that took a step.
 * @type {{written: Written, spec: Spec} | null}
 */
let baseline = null;

/**
 * Makes a run and shows it, unless another was chosen meanwhile. It plays if the run before did and was not
 * deleted.
 * @param {Written} written
 * @param {Transition} transition
 * @param {{say?: boolean, link?: Written | null}} [how]  `say`: it varies the run on the page; `link`: the settings of the link that asks for it
 * @returns {Promise<boolean>} whether it is on the page
 */
export async function startRun(written, transition, { say = false, link = null } = {}) {
  const rows = store.catalogue.value;
  if (!rows) return false;
  const watched = isWatched();
  const playing = transition.kind !== REMOVAL && isGoing(shown.progress.value?.status);
  // Described first, so that a refusal comes before anything is made.
  const described = await api.describe(written);
  if (!transition.current) return false;
  const name = nameOf(rows, described.spec);
  const pace = shown.pace.value;
  // A run that varies the one on the page, unless that one is discarded.
  const parent = (say && !shown.failure.value && !isUntouched() && shown.run.value?.id) || null;
  const wanted = { spec: written, name, start: playing, pace, ...(parent && { parent }) };
  const run = await sayingWhy(() => withRoom(() => api.createRun(wanted)));
  if (!transition.current) {
    void discard(run.id);
    return false;
  }
  const before = shown.run.value;
  const untouched = isUntouched();
  // A run that was deleted, or that the viewer has no access to, takes no command.
  const lost = shown.failure.value !== null;
  if (before && (shown.progress.value?.step ?? before.step) > 0) baseline = { written: shown.written.value, spec: before.spec_in_force };
  const words = wordsFor(written, described.spec);
  transition.arrive(run.id);
  made.add(run.id);
  session.show(run, written, described, { note: words || name, link });
  if (playing) playedRuns.add(run.id);
  // A deletion can be undone for a while.
  if (before && untouched && lost) forget(before.id);
  else if (before && untouched && !leaving.value.has(before.id)) void discard(before.id);
  else if (before && !lost) {
    pauseOwn(before);
    if (say) notifyRestarted(words, before.id, watched);
  }
  return true;
}

/**
 * The newly chosen settings in words, without the defaults that changed with them.
 * @param {Written} written
 * @param {import("../types/api.js").Spec} filled
 */
function wordsFor(written, filled) {
  const rows = store.catalogue.value;
  if (!rows) return "";
  const before = baseline ?? { written: {}, spec: rows.default };
  const chosen = differences(before.spec, filled).filter(
    ({ path }) => !same(valueAt(written, path), valueAt(before.written, path)),
  );
  return chosen.map((difference) => changeWords(rows, filled, difference)).join(", ");
}

/** @param {string} words @param {string} before @param {boolean} watched */
function notifyRestarted(words, before, watched) {
  const said = watched
    ? `Started a run of your own${words ? `: ${words}` : ""}. The run you watched continues.`
    : `Started a new run${words ? `: ${words}` : ""}. The previous run is kept.`;
  notify(said, {
    topic: watched ? "ownership" : "restart",
    action: {
      label: watched ? "Back to watching" : "Previous run",
      act: () => void reopen(before),
    },
  });
}
