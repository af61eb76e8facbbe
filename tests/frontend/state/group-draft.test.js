/** A group that is about to be made: what is sent, and where a refusal is shown. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fresh } from "./fresh.js";
import { catalogue } from "./catalogue.js";

const { GroupDraft } = await import("../../../frontend/app/state/group-draft.js");

/** @type {import("./server.js").FakeServer} */
let server;
/** @type {InstanceType<typeof GroupDraft>} */
let draft;

beforeEach(async () => {
  server = await fresh();
  draft = new GroupDraft(catalogue, { model: { hidden: [4] } }, { ...catalogue.default, seed: 7 });
});

const body = () => server.made("POST /api/groups").at(-1)?.body;

test("the chosen settings go with the values, seeds from that of the run on, and the steps", async () => {
  assert.equal(draft.chosen.value[0]?.path, "optimizer.lr");
  draft.type(0, "0.1, 0.2");
  draft.set("seeds", "2");
  draft.set("steps", "1,500");
  assert.deepEqual(draft.plan.value, { counts: [2], seeds: 2, steps: 1500, runs: 4 });
  assert.equal((await draft.create())?.id, "made");
  const { name, ...sent } = body();
  assert.deepEqual(sent, {
    spec: { model: { hidden: [4] }, training: { steps: 1500 } },
    vary: [{ path: "optimizer.lr", values: [0.1, 0.2] }],
    seeds: [7, 8],
  });
  assert.match(name, /^Learning rate: /);
});

test("a second field has other choices than the first; options are sent in their order", async () => {
  draft.add();
  assert.ok(!draft.choices(1).some(({ path }) => path === "optimizer.lr"));
  draft.choose(1, "optimizer.kind");
  for (const one of draft.chosen.value[1]?.options ?? []) draft.toggle(1, one);
  const kinds = draft.field("optimizer.kind").options.map(({ value }) => value);
  for (const one of kinds.toReversed()) draft.toggle(1, one);
  draft.set("parallel", "2");
  await draft.create();
  assert.deepEqual(body().vary[1], { path: "optimizer.kind", values: kinds });
  assert.equal(body().parallel, 2);
  draft.remove(0);
  assert.deepEqual(draft.chosen.value.map(({ path }) => path), ["optimizer.kind"]);
});

test("what cannot be read is said at its field, and nothing is sent or lost", async () => {
  draft.type(0, "0.1, a");
  draft.set("seeds", "0");
  draft.set("steps", "many");
  draft.set("parallel", "101");
  assert.equal(draft.plan.value, null);
  assert.equal(await draft.create(), null);
  assert.deepEqual([...draft.refusals.value.keys()], ["field.0", "seeds", "steps", "parallel"]);
  assert.equal(server.made("POST /api/groups").length, 0);
  assert.equal(draft.chosen.value[0]?.text, "0.1, a");
  draft.type(0, "0.1");
  assert.equal(draft.refusals.value.has("field.0"), false, "it is being corrected");
  assert.equal(draft.refusals.value.has("seeds"), true);
});

for (const [path, place] of [
  ["optimizer.lr", "field.0"],
  ["vary.0.values", "field.0"],
  ["vary.1", "field.1"],
  ["model.hidden.0", "field.1"],
  ["seeds.2", "seeds"],
  ["training.steps", "steps"],
  ["parallel", "parallel"],
  ["vary", ""],
  ["data.samples", ""],
]) {
  test(`a refusal of the server at ${path} is shown at ${place || "the whole"}`, async () => {
    draft.add();
    draft.choose(1, "model.hidden");
    server.refusals = [{ status: 422, code: "bad_spec", message: "optimizer.lr is -1", path, hint: "Give more." }];
    assert.equal(await draft.create(), null);
    const found = [...draft.refusals.value];
    assert.deepEqual(found.map(([at]) => at), [place]);
    assert.equal(found[0]?.[1].message, "Learning rate is -1", "in the page's words");
    assert.equal(draft.busy.value, false);
  });
}

test("steps that are compared are no single number", () => {
  draft.choose(0, "training.steps");
  assert.equal(draft.variesSteps.value, true);
  draft.type(0, "100, 200");
  assert.equal(draft.plan.value?.steps, null);
});

test("a text that names no field stays as refused until a field is chosen, and nothing is trained", async () => {
  draft.add();
  const counts = () => draft.plan.value?.counts.length;
  draft.refuse(1, "xyzzy");
  assert.equal(draft.refusals.value.get("field.1")?.message, "There is no field “xyzzy”");
  assert.equal(draft.plan.value, null);
  assert.equal(await draft.create(), null);
  assert.equal(server.made("POST /api/groups").length, 0);
  draft.refuse(1, "");
  assert.equal(draft.refusals.value.size, 0, "it is given up");
  assert.equal(counts(), 2);
  draft.refuse(1, "xyzzy");
  draft.choose(1, "training.batch_size");
  assert.equal(counts(), 2);
  draft.refuse(1, "xyzzy");
  draft.remove(1);
  assert.equal(draft.refusals.value.size, 0);
  assert.equal((await draft.create())?.id, "made");
});

test("more runs than a group has are no plan to train", async () => {
  draft.type(0, Array.from({ length: 400 }, (_, i) => `${i + 1}`).join(", "));
  draft.set("seeds", "3");
  assert.equal(draft.excess.value?.message, "These are 1,200 runs, and a group has at most 500");
  assert.equal(await draft.create(), null);
  assert.deepEqual([...draft.refusals.value.keys()], [""]);
  assert.equal(server.made("POST /api/groups").length, 0);
  draft.set("seeds", "1");
  assert.equal(draft.excess.value, null);
});

test("typed values are kept for another field that they fit", () => {
  const text = () => draft.chosen.value[0]?.text;
  draft.choose(0, "training.batch_size");
  assert.notEqual(text(), "0.001, 0.01, 0.1", "nothing was typed");
  draft.type(0, "16, 32");
  draft.choose(0, "training.steps");
  assert.equal(text(), "16, 32");
  draft.type(0, "0.5, 0.25");
  draft.choose(0, "training.batch_size");
  assert.notEqual(text(), "0.5, 0.25", "a batch is a whole number");
  draft.choose(0, "optimizer.kind");
  draft.choose(0, "optimizer.lr");
  assert.equal(text(), "0.5, 0.25", "they are there again");
});

test("a draft is about the settings that it was made for", () => {
  const { written, spec } = draft;
  assert.equal(draft.isFor(structuredClone(written), structuredClone(spec)), true);
  assert.equal(draft.isFor({ model: { hidden: [5] } }, spec), false);
  assert.equal(draft.isFor(written, { ...spec, seed: 8 }), false);
});
