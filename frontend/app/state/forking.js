/** Runs that go on from a step of another: going on from the past, resetting, trying again. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { made } from "./history.js";
import { notify } from "./notices.js";
import { reopen } from "./reopening.js";
import { sayNotMade } from "./room.js";
import { show } from "./session.js";
import * as store from "./store.js";
import { differenceWords } from "./words.js";
import { isWatched, whoseIs } from "./whose.js";
import { differences, valueAt, withChanges } from "./written.js";

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {{changes: {[path: string]: any}, start: boolean, words: string, keep?: boolean}} How */

/**
 * Makes a fork and shows it, or says why not.
 * @param {number | null} at  null is where the run is by now
 * @param {How} how
 */
export async function fork(at, how) {
  if (store.starting.value) return;
  try {
    await makeFork(at, how);
  } catch (thrown) {
    sayNotMade(asApiError(thrown).problem);
  }
}

/**
 * Makes a fork and shows it. `keep` gives it the live settings of now, not those of then.
 * @param {number | null} at
 * @param {How} how
 */
export async function makeFork(at, { changes, start, words, keep = false }) {
  const from = store.run.value;
  const rows = store.catalogue.value;
  if (!from || !rows) return;
  const watched = isWatched();
  store.starting.value = true;
  try {
    const wanted = { step: at, changes, start, pace: store.pace.value };
    let run = await api.fork(from.id, wanted);
    made.add(run.id);
    if (keep) run = await withSettingsOf(run, from);
    const then = differences(from.spec_in_force, run.spec_in_force);
    const all = Object.assign({}, ...then.map(({ path, to }) => ({ [path]: to })));
    const written = withChanges(rows, store.written.value, all, from.spec_in_force);
    const described = await api.describe(run.spec_in_force);
    const extra = differenceWords(rows, from.spec_in_force, run.spec_in_force);
    restOwn(from);
    show(run, written, described, [words, extra].filter(Boolean).join(", "));
    if (watched) sayYours(words, extra, from.id);
  } finally {
    store.starting.value = false;
  }
}

/**
 * A run of one's own that another has taken the place of does not train on unseen: a class has only so
 * many cores.
 * @param {Run} run
 */
export function restOwn({ id, owner, status }) {
  if (status !== "running" || whoseIs(store.me.value, owner) !== "own") return;
  api.command(id, { kind: "pause" }).catch(() => {}); // it may have come to rest by itself
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
  await api.command(run.id, { kind: "set", changes });
  return api.run(run.id);
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
