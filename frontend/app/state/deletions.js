/**
 * Deletes runs so that it can be undone. The server deletes at once and for good, so the request is sent only
 * after a while, when the page is left, or when room is needed for another run.
 */

import { signal } from "@preact/signals-core";
import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { forget, record, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { shortOf } from "./ownership.js";

/**
 * @typedef {import("./store.js").Remembered} Remembered
 * @typedef {import("../types/api.js").Summary} Summary
 * @typedef {import("../stream/api.js").Parameters} Parameters
 * @typedef {(how?: RequestInit) => Promise<void>} Send
 */

/** As long as the notice is shown that offers to undo it. */
const PATIENCE = 12_000; // ms

/** The most runs of one request, which all stand in its address. */
const MAX_IDS = 100;

/** Deletions that can be undone, by run; several runs go together. @type {Map<string, {send: Send, drop: () => void}>} */
const waiting = new Map();

/**
 * Runs that were deleted here: the server still has those that can be brought back.
 * @type {import("@preact/signals-core").Signal<ReadonlySet<string>>}
 */
export const leaving = signal(new Set());

/** Marks runs as deleted here, later or already. @param {string[]} ids */
export const markDeleted = (ids) => (leaving.value = new Set([...leaving.value, ...ids]));

/** @param {string[]} ids */
function stay(ids) {
  leaving.value = new Set([...leaving.value].filter((id) => !ids.includes(id)));
}

/**
 * Takes a run off the list and deletes it from the server later; another person's run, which the viewer may
 * only watch, leaves the list alone.
 * @param {string} id
 * @param {() => void} undone  called when the viewer undoes it, with the run on the list again
 * @param {boolean} [kept]  whether it was pinned
 * @returns {() => void} takes it back, without a word
 */
export function deleteLater(id, undone, kept = false) {
  const entry = recorded(id);
  forget(id);
  if (!entry) return () => {};
  const restore = () => {
    if (!waiting.has(id) && entry.ownership !== "watched") return;
    waiting.get(id)?.drop();
    stay([id]);
    record(entry, { opened: true });
  };
  const close = notify(words(entry, kept), {
    topic: `deletion of ${id}`,
    action: { label: "Undo", act: () => (restore(), undone()) },
  });
  if (entry.ownership !== "watched") {
    markDeleted([id]);
    sendLater(id, close, (how) => request(entry, how));
  }
  return () => (restore(), close());
}

/**
 * Takes several runs off all lists and deletes them from the server later, together.
 * @param {Summary[]} runs  that the viewer may delete
 */
export function deleteSeveralLater(runs) {
  const ids = runs.map(({ id }) => id);
  const key = ids.join();
  const entries = ids.map(recorded).filter((entry) => entry !== null);
  const restore = () => {
    stay(ids);
    for (const entry of entries.toReversed()) record(entry, { opened: true });
  };
  ids.forEach(forget);
  markDeleted(ids);
  const [only] = runs;
  const what = runs.length === 1 ? `“${only?.name || only?.id}”` : `${runs.length} runs`;
  const undo = () => {
    if (!waiting.has(key)) return;
    waiting.get(key)?.drop();
    restore();
  };
  const close = notify(`Deleted ${withKept(what, runs.length, runs.filter(({ pinned }) => pinned).length)}.`, { topic: `deletion of ${key}`, action: { label: "Undo", act: undo } });
  sendLater(key, close, async (how) => {
    try {
      await requestSeveral(runs, how);
    } catch (thrown) {
      restore();
      notifyProblem(asApiError(thrown).problem);
    }
  });
}

/**
 * Sends a request once its notice is gone.
 * @param {string} key
 * @param {() => void} close  removes the notice
 * @param {Send} request
 */
function sendLater(key, close, request) {
  const timer = setTimeout(() => void waiting.get(key)?.send(), PATIENCE);
  const drop = () => {
    clearTimeout(timer);
    close();
    waiting.delete(key);
  };
  waiting.set(key, { drop, send: (how) => (drop(), request(how)) });
}

/** A run that was pinned when it was deleted is deleted, too. @param {Summary[]} runs @param {RequestInit} [how] */
async function requestSeveral(runs, how) {
  /** @param {boolean} pinned @returns {Parameters[]} */
  const requests = (pinned) =>
    inParts(runs.filter((run) => run.pinned === pinned)).map((part) => [...part, ["pinned", String(pinned)]]);
  // At once: a page that is being left sends nothing after an answer.
  await Promise.all([...requests(false), ...requests(true)].map((one) => api.deleteRuns(one, how)));
}

/**
 * Runs as parameters, in parts that an address has room for.
 * @param {{id: string}[]} runs
 * @returns {Parameters[]}
 */
export const inParts = (runs) =>
  Array.from({ length: Math.ceil(runs.length / MAX_IDS) }, (_, part) =>
    runs.slice(part * MAX_IDS, (part + 1) * MAX_IDS).map(({ id }) => ["id", id]),
  );

/** @param {Remembered} entry @param {boolean} kept */
function words({ name, note, ownership, owner = "" }, kept) {
  const called = note || name;
  if (ownership === "watched") return `“${called}” is off this list. It stays on the server.`;
  return ownership === "other" ? `Deleted “${called}”, a run of ${shortOf(owner)}.` : `Deleted ${withKept(`“${called}”`, 1, Number(kept))}.`;
}

/** What is deleted, and how many of it were kept although nobody used them. @param {string} what @param {number} all @param {number} kept */
function withKept(what, all, kept) {
  if (!kept) return what;
  if (all === 1) return `${what}, which was marked “Keep”`;
  return `${what}, ${kept === all ? "all" : kept} of them marked “Keep”`;
}

/** @param {Remembered} entry @param {RequestInit} [how] */
async function request(entry, how) {
  try {
    await api.deleteRun(entry.id, how);
  } catch (thrown) {
    const { status, problem } = asApiError(thrown);
    if (status === 404 || problem.code === "not_yours") return;
    stay([entry.id]);
    record(entry, { opened: true });
    notifyProblem(problem);
  }
}

/**
 * Sends the requests of all deletions that could still be undone.
 * @param {RequestInit} [how]
 * @returns {Promise<boolean>} whether there were any
 */
export async function sendDeletions(how) {
  const all = [...waiting.values()];
  await Promise.all(all.map(({ send }) => send(how)));
  return all.length > 0;
}

/** Sends them when the page is left, too. @returns {() => void} stops */
export function sendDeletionsOnLeave() {
  const leave = () => void sendDeletions({ keepalive: true });
  addEventListener("pagehide", leave);
  return () => removeEventListener("pagehide", leave);
}
