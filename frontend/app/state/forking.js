/** Runs that go on from a step of another: going on from the past, resetting, trying again. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { answerOf, send } from "./commanding.js";
import { forget, made } from "./history.js";
import { notify } from "./notices.js";
import { depart, SUCCESSION } from "./ordering.js";
import { played } from "./played.js";
import { reopen } from "./reopening.js";
import { sayNotMade } from "./room.js";
import { show } from "./session.js";
import { stopSteps } from "./stepping.js";
import * as store from "./store.js";
import { differenceWords } from "./words.js";
import { isWatched, whoseIs } from "./whose.js";
import { differences, valueAt, withChanges } from "./written.js";

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("./ordering.js").Passage} Passage */
/** @typedef {{changes: {[path: string]: any}, start: boolean, words: string, keep?: boolean}} How */

/**
 * Makes a fork and shows it, or says why not.
 * @param {number | null} at  null is where the run is by now
 * @param {How} how
 * @returns {Promise<string | null>} the fork, once it is on the page
 */
export async function fork(at, how) {
  const passage = depart(SUCCESSION);
  try {
    return await makeFork(at, how, passage);
  } catch (thrown) {
    if (passage.current) void sayNotMade(asApiError(thrown).problem);
    return null;
  } finally {
    passage.end();
  }
}

/**
 * Makes a fork and shows it, unless somebody has chosen another run meanwhile: then it leaves nothing
 * behind. `keep` gives it the live settings of now, not those of then.
 * @param {number | null} at
 * @param {How} how
 * @param {Passage} passage
 * @returns {Promise<string | null>} the fork, once it is on the page
 */
export async function makeFork(at, { changes, start, words, keep = false }, passage) {
  const rows = store.catalogue.value;
  if (!store.run.value || !rows) return null;
  // A change that is on its way holds in the fork as well.
  const answer = keep ? await answerOf(store.run.value.id) : null;
  const from = answer?.run ?? store.run.value;
  if (!from || !passage.current) return null;
  const watched = isWatched();
  let run = await api.fork(from.id, { step: at, changes, start, pace: store.pace.value });
  let shown = false;
  try {
    if (keep && passage.current) run = await withSettingsOf(run, from);
    const then = differences(from.spec_in_force, run.spec_in_force);
    const all = Object.assign({}, ...then.map(({ path, to }) => ({ [path]: to })));
    const described = passage.current ? await api.describe(run.spec_in_force) : null;
    if (!passage.current || !described) return null;
    const written = withChanges(rows, store.written.value, all, from.spec_in_force);
    const extra = differenceWords(rows, from.spec_in_force, run.spec_in_force);
    if (store.run.value) restOwn(store.run.value);
    made.add(run.id);
    if (start) played.add(run.id);
    passage.arrive(run.id);
    show(run, written, described, [words, extra].filter(Boolean).join(", "));
    shown = true;
    if (watched) sayYours(words, extra, from.id);
    return run.id;
  } finally {
    if (!shown) void discard(run.id);
  }
}

/** A run that nobody has seen, or that never took a step, leaves nothing behind. @param {string} id */
export async function discard(id) {
  forget(id);
  await api.deleteRun(id).catch(() => {});
}

/**
 * A run of one's own that another has taken the place of does not train on unseen: a class has only so
 * many cores.
 * @param {Run} run
 */
export function restOwn({ id, owner, status }) {
  stopSteps(id);
  if (status !== "running" || whoseIs(store.me.value, owner) !== "own") return;
  send(id, { kind: "pause" }).catch(() => {}); // it may have come to rest by itself
}

/** @param {string} words @param {string} extra @param {string} watched */
function sayYours(words, extra, watched) {
  notify(`This run is yours: it goes on ${words}${extra ? `, with ${extra}` : ""}.`, {
    topic: "whose",
    action: { label: "Back to watching", act: () => void reopen(watched) },
  });
}

/**
 * Gives a new fork the live settings of the run that it comes from: those at the step of the fork
 * may have been others.
 * @param {Run} run
 * @param {Run} from
 */
async function withSettingsOf(run, from) {
  const changes = {};
  for (const { path, to } of differences(run.spec_in_force, from.spec_in_force)) {
    Object.assign(changes, asLive(from, path, to));
  }
  if (!Object.keys(changes).length) return run;
  return (await send(run.id, { kind: "set", changes })).run;
}

/**
 * A difference as a live change: a schedule of another kind goes with all its fields.
 * @param {Run} run
 * @param {string} path
 * @param {unknown} to
 */
function asLive(run, path, to) {
  if (!path.endsWith(".kind")) return { [path]: to };
  const section = path.slice(0, -".kind".length);
  const fields = Object.entries(valueAt(run.spec_in_force, section) ?? {});
  return Object.fromEntries(fields.map(([name, value]) => [`${section}.${name}`, value]));
}
