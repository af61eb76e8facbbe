/**
 * Deletes runs so that it can be undone. The server deletes at once and for good, so the request is sent only
 * after a while, when the page is left, or when room is needed for another run.
 */

import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { forget, record, recorded } from "./history.js";
import { notify, notifyProblem } from "./notices.js";
import { shortOf } from "./ownership.js";

/** @typedef {import("./store.js").Remembered} Remembered */

/** As long as the notice is shown that offers to undo it. */
const PATIENCE = 12_000; // ms

/** Deletions that can be undone, by run. @type {Map<string, {send: (how?: RequestInit) => Promise<void>, drop: () => void}>} */
const waiting = new Map();

/**
 * Takes a run off the list and deletes it from the server later; another person's run, which the viewer may
 * only watch, leaves the list alone.
 * @param {string} id
 * @param {() => void} undone  called when the viewer undoes it, with the run on the list again
 * @returns {() => void} takes it back, without a word
 */
export function deleteLater(id, undone) {
  const entry = recorded(id);
  forget(id);
  if (!entry) return () => {};
  const restore = () => {
    if (!waiting.has(id) && entry.ownership !== "watched") return;
    waiting.get(id)?.drop();
    record(entry, { opened: true });
  };
  const close = notify(words(entry), {
    topic: `deletion of ${id}`,
    action: { label: "Undo", act: () => (restore(), undone()) },
  });
  if (entry.ownership !== "watched") {
    const timer = setTimeout(() => void waiting.get(id)?.send(), PATIENCE);
    const drop = () => {
      clearTimeout(timer);
      close();
      waiting.delete(id);
    };
    waiting.set(id, { drop, send: (how) => (drop(), request(entry, how)) });
  }
  return () => (restore(), close());
}

/** @param {Remembered} entry */
function words({ name, note, ownership, owner = "" }) {
  const called = note || name;
  if (ownership === "watched") return `“${called}” is off this list. It stays on the server.`;
  return ownership === "other" ? `Deleted “${called}”, a run of ${shortOf(owner)}.` : `Deleted “${called}”.`;
}

/** @param {Remembered} entry @param {RequestInit} [how] */
async function request(entry, how) {
  try {
    await api.deleteRun(entry.id, how);
  } catch (thrown) {
    const { status, problem } = asApiError(thrown);
    if (status === 404 || problem.code === "not_yours") return;
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
