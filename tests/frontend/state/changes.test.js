/** A run's changes in words, from its journal. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOf } from "../../../frontend/app/state/changes.js";
import { catalogue } from "./catalogue.js";

/** @param {{step: number, command: any}[]} journal @param {{id: string, step: number} | null} [parent] */
const changes = (journal, parent = null) => changesOf(catalogue, { spec: catalogue.default, journal, parent });
/** @param {number} step @param {object} changed */
const set = (step, changed) => ({ step, command: { kind: "set", changes: changed } });
/** @param {number} step @param {...[string, number[], number]} edits */
const edit = (step, ...edits) => ({
  step,
  command: { kind: "edit", edits: edits.map(([parameter, index, value]) => ({ parameter, index, value })) },
});

test("a setting has its symbol and its values before and after, in the order of the journal", () => {
  assert.deepEqual(changes([set(10, { "optimizer.lr": 0.03 }), set(20, { "optimizer.lr": 0.1, "regularization.l2": 1e-5 })]), [
    { kind: "set", step: 10, key: "optimizer.lr", name: "η", from: "0.01", to: "0.03" },
    { kind: "set", step: 20, key: "optimizer.lr", name: "η", from: "0.03", to: "0.1" },
    { kind: "set", step: 20, key: "regularization.l2", name: "λ₂", from: "0", to: "1e-5" },
  ]);
});

test("a setting that is set to what it was is no change", () => {
  assert.deepEqual(changes([set(10, { "optimizer.lr": 0.01 })]), []);
});

test("a setting without a symbol has its label, and none its word", () => {
  const [change] = changes([set(10, { "training.batch_size": null })]);
  assert.deepEqual(change, {
    kind: "set", step: 10, key: "training.batch_size", name: "batch size", from: "10", to: "the full batch",
  }); // prettier-ignore
});

test("a schedule has its kinds; a field that the one before had not has no value before", () => {
  const found = changes([
    set(10, { "optimizer.schedule.kind": "step" }),
    set(20, { "optimizer.schedule.every": 500 }),
  ]);
  assert.deepEqual(found.map((one) => one.kind === "set" && [one.name, one.from, one.to]), [
    ["", "Constant", "Step"],
    ["optimizer.schedule.every", null, "500"],
  ]);
});

test("edited numbers of a dense network are written as in formulas, counted from 1", () => {
  const found = changes([
    edit(5, ["layers.1.weight", [2, 0], 0.5], ["layers.0.bias", [11], -1], ["layers.9.weight", [0, 11], 2]),
    edit(6, ["blocks.0.weight", [0, 1, 2, 3], 1]),
  ]);
  assert.deepEqual(found.map((one) => one.kind === "edit" && [one.step, one.name, one.part, one.to]), [
    [5, "W⁽²⁾₃₁", "weight", 0.5],
    [5, "b⁽¹⁾₁₂", "bias", -1],
    [5, "W⁽¹⁰⁾(1, 12)", "weight", 2],
    [6, "blocks.0.weight[0, 1, 2, 3]", "weight", 1],
  ]);
});

test("a fork has its parent's changes up to its step, its own mark there, and none at step 0", () => {
  const journal = [set(10, { "optimizer.lr": 0.03 }), set(400, { "optimizer.lr": 0.1 }), set(500, { "optimizer.lr": 1 })];
  const kinds = changes(journal, { id: "other", step: 400 }).map(({ kind, step }) => [kind, step]);
  assert.deepEqual(kinds, [["set", 10], ["fork", 400], ["set", 400], ["set", 500]]);
  assert.deepEqual(changes([], { id: "other", step: 0 }), []);
});
