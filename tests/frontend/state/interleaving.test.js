/**
 * Every verb while the one before is not answered yet, and while it is refused. What each run is told is
 * the same as though each verb had been given after the one before had come to its end, or the verb was
 * dropped: no run is told what was meant for another.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";
import { sendDeletions } from "../../../frontend/app/state/deletions.js";
import { LOCAL, ROWS } from "./verbs.js";

/** @typedef {import("./server.js").FakeServer} FakeServer */
/** @typedef {import("./verbs.js").Row} Row */
/** @typedef {"slow" | "late" | "refused"} Trouble  what happens to the verb before */

const setTimer = globalThis.setTimeout;
// Pauses between two commands need not be waited for: the clock goes a hundred times as fast.
const clock = performance.now.bind(performance);
performance.now = () => 100 * clock();
Object.assign(globalThis, {
  setTimeout: (/** @type {() => void} */ act, /** @type {number} */ ms) => setTimer(act, ms > 1000 ? ms : 0),
});

const REFUSAL = { status: 500, code: "internal", message: "A fault", path: "", hint: "" };

/** Two runs of some steps, of which "here" is on the page. @param {Row} row */
async function stage({ past, playing }) {
  const server = await fresh();
  const [made] = server.runs.values();
  server.runs.clear();
  for (const id of ["there", "here"]) {
    server.runs.set(id, { ...structuredClone(made), id, name: id, step: 100, pace: id === "here" ? 120 : 60 });
  }
  await actions.openRun("there");
  await actions.openRun("here");
  if (playing) {
    await actions.play();
    hear(server);
  }
  if (past !== undefined) actions.viewStep(past);
  server.calls = [];
  store.notices.value = [];
  return server;
}

/** The stream tells how the run on the page is. @param {FakeServer} server */
function hear(server) {
  const run = server.runs.get(shown.run.value?.id ?? "");
  if (run) server.tell({ kind: "run", run });
}

const breath = () => new Promise((go) => setImmediate(go));

/** @param {unknown[]} verbs */
async function ended(verbs) {
  const results = await Promise.allSettled(verbs);
  for (let turn = 0; turn < 6; turn++) await breath();
  await sendDeletions();
  return results;
}

/**
 * What each run was told, in order; steps add up, and changes go together.
 * @param {{calls: import("./server.js").Call[], refused: boolean}} what
 */
function told({ calls, refused }) {
  /** @type {{[run: string]: any[]}} */
  const all = {};
  for (const { method, path, body, obeyed } of calls) {
    if (!obeyed) continue;
    const [, run = "", kind = ""] = /^\/api\/runs\/([^/]+)\/(commands|forks)$/.exec(path) ?? [];
    if (method !== "POST" || !run) continue;
    // Between a fork and a command to the run that it is of there is no order.
    const own = (all[kind === "forks" ? `forks of ${run}` : run] ??= []);
    const last = own.at(-1);
    // Who plays has no need of the steps before.
    if (body.kind === "resume" && last?.kind === "step") own.pop();
    // A fork goes by what the page shows, which a refusal that is yet to come may change.
    const { start, pace, ...fork } = body;
    if (kind === "forks") own.push({ kind: "fork", ...(refused ? fork : body) });
    else if (body.kind === "step" && body.steps && last?.kind === "step" && last.steps) last.steps += body.steps;
    else if (body.kind === "set" && last?.kind === "set") Object.assign(last.changes, body.changes);
    else own.push(structuredClone(body));
  }
  return all;
}

/** @param {FakeServer} server @param {Trouble} trouble */
const outcome = ({ calls, runs }, trouble) => ({
  told: told({ calls, refused: trouble === "refused" }),
  asked: [...new Set(calls.flatMap(({ path }) => /^\/api\/runs\/([^/]+)\/(?:commands|forks)$/.exec(path)?.[1] ?? []))].sort(),
  page: shown.run.value?.id,
  runs: [...runs.keys()].sort(),
});

/**
 * One after the other, each at its end before the next.
 * @param {Row[]} rows
 * @param {Trouble} trouble
 */
async function oneByOne(rows, trouble) {
  const server = await stage(/** @type {Row} */ (rows[0]));
  if (trouble === "refused") server.refusals = [REFUSAL];
  for (const { give } of rows) {
    await ended([give()]);
    server.refusals = [];
  }
  return outcome(server, trouble);
}

/**
 * The second while the first is not answered yet.
 * @param {Row} first
 * @param {Row} second
 * @param {Trouble} trouble
 */
async function overlapping(first, second, trouble) {
  const server = await stage(first);
  server.dawdle({ late: trouble === "late" });
  if (trouble === "refused") server.refusals = [REFUSAL];
  const one = Promise.resolve(first.give()).catch(() => {});
  for (let turn = 0; turn < 100 && !server.calls.length; turn++) await new Promise((go) => setTimeout(go, 0));
  assert.ok(server.calls.length, "the first is under way");
  const plays = shown.run.value?.status === "running" && shown.viewedStep.value === null;
  const other = Promise.resolve(second.give()).catch(() => {});
  await breath();
  await breath();
  server.hurry();
  await ended([one, other]);
  const found = outcome(server, trouble);
  hear(server);
  assertConsistent(server);
  return { plays, found };
}

/**
 * @param {Row} first
 * @param {Row} second
 * @param {Trouble} trouble
 * @returns {"after" | "dropped" | "chosen"}
 */
function fateOf({ way, joins, verb, playing }, { fate, ...second }, trouble) {
  if (fate === "choice") return "chosen";
  // What is refused there is the pause, and the next step asks for one of its own.
  const alone = verb === "step" && playing;
  if (trouble === "refused" && joins && joins === second.joins && !alone) return "dropped";
  if (way === "nothing") return "after";
  if (way === "next") return "dropped";
  const came = trouble !== "refused";
  if (way === "other") return came && (fate === "any" || fate === "once") ? "after" : "dropped";
  // A form that stays because the run was refused is still the form of the run on the page.
  if (fate === "form") return "after";
  return came && fate === "any" ? "after" : "dropped";
}

/** What the page shows is what the server has, and nothing is left over. @param {FakeServer} server */
function assertConsistent(server) {
  const onPage = shown.run.value;
  const run = server.runs.get(onPage?.id ?? "");
  assert.ok(run, "the run on the page is there");
  const waits = Object.keys(shown.pending.value).length > 0;
  if (!waits) assert.deepEqual(shown.spec.value, run.spec_in_force, "the form");
  assert.equal(shown.pace.value, run.pace, "the pace");
  assert.equal(onPage?.status, run.status, "the status");
  assert.equal(store.starting.value, false);
  assert.equal(shown.changing.value, false);
  const listed = new Set(store.runs.value.map(({ id }) => id));
  for (const id of server.runs.keys()) assert.ok(listed.has(id), `${id} is on the list`);
}

test("every verb of the page has a row", () => {
  const rows = new Set(Object.values(ROWS).map(({ verb }) => verb));
  assert.deepEqual(Object.keys(actions).filter((name) => !rows.has(/** @type {any} */ (name))).sort(), LOCAL);
});

for (const [before, first] of Object.entries(ROWS)) {
  for (const trouble of /** @type {Trouble[]} */ (["slow", "late", "refused"])) {
    test(`${before}, ${trouble}: what is given meanwhile reaches no other run`, async (t) => {
      for (const [name, second] of Object.entries(ROWS)) {
        await t.test(name, async () => {
          const { plays, found } = await overlapping(first, second, trouble);
          // The button does what it said when it was pressed.
          const meant = second.verb === "toggle" ? /** @type {Row} */ (ROWS[plays ? "pause" : "play"]) : second;
          const fate = fateOf(first, meant, trouble);
          if (fate === "after") assert.deepEqual(found, await oneByOne([first, meant], trouble));
          else if (fate === "dropped") assert.deepEqual(found, await oneByOne([first], trouble));
          else {
            const { page } = await oneByOne([first, second], trouble);
            assert.equal(found.page === "here", page === "here");
          }
        });
      }
    });
  }
}
