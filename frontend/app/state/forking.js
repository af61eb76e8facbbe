/** Runs that go on from a step of another: going on from the past, resetting, trying again. */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { made } from "./history.js";
import { notifyProblem } from "./notices.js";
import { show } from "./session.js";
import * as store from "./store.js";
import { differenceWords } from "./words.js";
import { differences, valueAt, withChanges } from "./written.js";

/** @typedef {import("../types/api.js").Run} Run */

/**
 * Makes a fork and shows it. `keep` gives it the live settings of now, not those of then.
 * @param {number} at
 * @param {{changes: {[path: string]: any}, start: boolean, words: string, keep?: boolean}} how
 */
export async function fork(at, { changes, start, words, keep = false }) {
  const from = store.run.value;
  const rows = store.catalogue.value;
  if (!from || !rows) return;
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
    show(run, written, described, [words, extra].filter(Boolean).join(", "));
  } catch (thrown) {
    notifyProblem(asApiError(thrown));
  }
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
