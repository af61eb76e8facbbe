/** A group that is open: what is requested, how often, and what is done to its runs. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { fresh, shown, store } from "./fresh.js";

const { GroupList, GroupView, countsOf, isDeleted, progressWords } = await import("../../../frontend/app/state/groups.js");

/** @type {import("./server.js").FakeServer} */
let server;
/** @type {InstanceType<typeof GroupView>} */
let view;

const breath = () => new Promise((go) => setImmediate(go));
const settle = async () => {
  for (let i = 0; i < 20; i++) await breath();
};

/** @param {[status: string, error?: string | null][]} states @param {string[]} [metrics] */
function put(states, metrics = ["test_loss", "train_loss"]) {
  const runs = states.map(([status, error = null], seed) => ({ run: `r${seed}`, seed, status, step: 1, value: 1, error }));
  const places = [{ values: {}, count: 1, missing: 0, ended: 0, mean: 1, deviation: null, least: 1, greatest: 1, runs }];
  server.groups.set("g", {
    group: { id: "g", name: "Rates", owner: "me", vary: [], seeds: [0], spec: {}, parallel: 1, created_at: 1, runs: runs.length, statuses: {} },
    summary: { metrics, places },
    table: { columns: ["run"], rows: runs.map(({ run }) => [run]) },
  }); // prettier-ignore
}

const requests = (/** @type {string} */ part) => server.calls.filter(({ path }) => path.startsWith(`/api/groups/g${part}`));
const metrics = () => requests("/summary").map(({ path }) => path.split("metric=")[1]);

beforeEach(async () => {
  mock.timers.reset();
  view?.close();
  server = await fresh();
  view = new GroupView("g");
});

test("its document is requested once, its summary and table every second while runs train or wait", async () => {
  put([["finished"], ["queued"]]);
  mock.timers.enable({ apis: ["setTimeout"] });
  await view.refresh();
  mock.timers.tick(999);
  await settle();
  assert.equal(requests("/summary").length, 1);
  mock.timers.tick(1);
  await settle();
  assert.deepEqual([requests("/summary").length, requests("/table").length], [2, 2]);
  put([["finished"], ["finished"]]);
  mock.timers.tick(1000);
  await settle();
  mock.timers.tick(10_000);
  await settle();
  assert.equal(requests("/summary").length, 3, "all have ended");
  assert.equal(server.made("GET /api/groups/g").length, 1);
});

test("nothing is requested once it is closed", async () => {
  put([["running"]]);
  mock.timers.enable({ apis: ["setTimeout"] });
  await view.refresh();
  view.close();
  mock.timers.tick(5000);
  await settle();
  assert.equal(requests("/summary").length, 1);
  await view.refresh(); // as after a command that was sent before
  mock.timers.tick(5000);
  await settle();
  assert.equal(requests("/summary").length, 2);
});

test("without test examples the loss on training examples is compared", async () => {
  put([["finished"]], ["gradient_norm", "train_loss"]);
  await view.refresh();
  assert.deepEqual(metrics(), ["test_loss", "train_loss"]);
  assert.equal(view.summary.value?.metric, "train_loss");
  await view.compare("gradient_norm");
  assert.equal(metrics().at(-1), "gradient_norm");
});

test("an answer to an earlier request is dropped", async () => {
  put([["finished"]]);
  await view.refresh();
  server.dawdle();
  const first = view.compare("train_loss");
  const second = view.compare("test_loss");
  await settle();
  server.hurry({ reversed: true });
  await Promise.all([first, second]);
  assert.equal(view.summary.value?.metric, "test_loss");
});

test("a group that is gone is requested no more", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await view.refresh();
  assert.equal(view.problem.value?.code, "unknown_group");
  mock.timers.tick(5000);
  await settle();
  assert.equal(requests("/summary").length, 1);
});

test("its runs are paused together, and those that did not diverge go on", async () => {
  put([["running"], ["queued"], ["paused", "diverged"], ["paused", "unwatched"]]);
  const [pattern] = server.runs.values();
  view.runs.value.length;
  await view.refresh();
  for (const { run, status } of view.runs.value) server.runs.set(run, { ...pattern, id: run, status, group: "g" });
  await view.pause();
  assert.deepEqual(["r0", "r1"].map((id) => server.runs.get(id).status), ["paused", "paused"]);
  put([["paused"], ["paused"], ["paused", "diverged"], ["paused"]]);
  await view.refresh();
  await view.resume();
  assert.deepEqual(["r0", "r1", "r2", "r3"].map((id) => server.runs.get(id).status), ["running", "running", "paused", "running"]);
});

test("a deleted one is said, and its runs leave the list of the browser", async () => {
  put([["finished"]]);
  await view.refresh();
  assert.equal(await view.remove(), true);
  assert.equal(server.groups.size, 0);
  assert.equal(store.notices.value.at(-1)?.text, "Deleted the group “Rates” and its run.");
  server.refusals = [{ status: 403, code: "not_yours", message: "Not yours", path: "id", hint: "" }];
  assert.equal(await view.remove(), false);
});

test("another run takes the place of one on the page whose group was deleted", async () => {
  put([["finished"]]);
  const here = shown.run.value?.id ?? "";
  Object.assign(server.groups.get("g")?.summary.places[0].runs[0], { run: here });
  await view.refresh();
  server.runs.delete(here);
  await view.remove();
  assert.ok(shown.run.value && shown.run.value.id !== here);
  assert.equal(isDeleted("g"), true);
  assert.ok(!store.runs.value.some(({ id }) => id === here));
});

test("an id that no group can have is said without a request", async () => {
  const other = new GroupView("../../x");
  await other.refresh();
  assert.equal(other.problem.value?.message, "There is no group with this address");
  assert.ok(!server.calls.some(({ path }) => path.startsWith("/api/groups")));
});

test("progress is said in the states that there are", () => {
  const run = (/** @type {any} */ status, /** @type {string | null} */ error = null) => ({ run: "", seed: 0, status, step: 0, value: null, error });
  const all = [run("finished"), run("running"), run("queued"), run("queued"), run("paused"), run("paused", "diverged"), run("failed"), run("stopped")];
  assert.equal(progressWords(countsOf(all)), "1 of 8 finished, 1 training, 2 waiting, 1 paused, 1 diverged, 2 stopped");
  assert.equal(progressWords(countsOf([run("finished")])), "1 of 1 finished");
});

test("the list has names, and is requested while it is open", async () => {
  put([["finished"]]);
  const list = new GroupList();
  mock.timers.enable({ apis: ["setTimeout"] });
  await list.open();
  assert.equal(list.nameOf("g"), "Rates");
  assert.equal(list.nameOf("other"), "");
  mock.timers.tick(3000);
  await settle();
  list.close();
  mock.timers.tick(30_000);
  await settle();
  assert.equal(server.calls.filter(({ path }) => path.startsWith("/api/groups?")).length, 2);
});
