/** Every verb of the page, as a test gives it, and what may become of it while another run is on its way. */

import { actions } from "./fresh.js";

/**
 * What becomes of a verb that is given while another run is on its way:
 *  - "any"     any run obeys it: it waits for the run that comes
 *  - "form"    a change of the form: it waits where the form goes on, and is dropped where another comes
 *  - "once"    it makes a run of the one on the page: given again meanwhile, it counts once
 *  - "number"  it is of this very run, and is refused
 *  - "choice"  it chooses another run, which comes whatever was on its way
 * @typedef {"any" | "form" | "once" | "number" | "choice"} Fate
 */

/**
 * What is on its way while the server has not answered the verb: nothing, a run that is made of the one
 * on the page, another one, or whichever is next as this one is deleted.
 * @typedef {"nothing" | "successor" | "other" | "next"} Way
 */

/**
 * @typedef {object} Row
 * @property {keyof typeof actions} verb
 * @property {() => unknown} give
 * @property {Fate} fate
 * @property {Way} way
 * @property {number} [past]  the step that is looked at when it comes first
 * @property {boolean} [playing]  whether the run plays when it comes first
 * @property {string} [joins]  what is given twice at a time goes together, and is refused together
 */

/** The run that is on the page at first is "here"; "there" is another one of the list. @type {{[name: string]: Row}} */
export const ROWS = {
  play: { verb: "play", give: () => actions.play(), fate: "any", way: "nothing", joins: "play" },
  "play from the past": { verb: "play", give: () => actions.play(), fate: "any", way: "successor", past: 40, joins: "play" },
  pause: { verb: "pause", give: () => actions.pause(), fate: "any", way: "nothing", playing: true, joins: "pause" },
  toggle: { verb: "toggle", give: () => actions.toggle(), fate: "any", way: "nothing", joins: "play" },
  step: { verb: "step", give: () => actions.step({ steps: 1 }), fate: "any", way: "nothing", joins: "step" },
  "step from the past": {
    verb: "step",
    give: () => actions.step({ steps: 1 }),
    fate: "any",
    way: "successor",
    past: 40,
    joins: "step",
  },
  "step while it plays": {
    verb: "step",
    give: () => actions.step({ steps: 1 }),
    fate: "any",
    way: "nothing",
    playing: true,
    joins: "step",
  },
  epoch: { verb: "step", give: () => actions.step({ epochs: 1 }), fate: "any", way: "nothing", joins: "step" },
  "another pace": { verb: "setPace", give: () => actions.setPace(25), fate: "any", way: "nothing" },
  reset: { verb: "reset", give: () => actions.reset(), fate: "any", way: "successor" },
  "another seed": { verb: "newSeed", give: () => actions.newSeed(), fate: "any", way: "successor" },
  "a live change": {
    verb: "change",
    give: () => actions.change("optimizer.lr", 0.3),
    fate: "form",
    way: "nothing",
  },
  "a change that restarts": {
    verb: "changeMany",
    give: () => actions.changeMany({ "model.hidden": [3] }),
    fate: "form",
    way: "successor",
  },
  "a fork of the past": {
    verb: "forkHere",
    give: () => actions.forkHere(),
    fate: "once",
    way: "successor",
    past: 40,
  },
  "another try": {
    verb: "retry",
    give: () => actions.retry(20, { "optimizer.lr": 0.001 }),
    fate: "once",
    way: "successor",
  },
  "a run of one's own": { verb: "forkWatched", give: () => actions.forkWatched(), fate: "once", way: "successor" },
  "a weight": {
    verb: "setNumber",
    give: () => actions.setNumber("layers.0.weight", [0, 0], 2),
    fate: "number",
    way: "nothing",
  },
  "another run": { verb: "openRun", give: () => actions.openRun("there"), fate: "choice", way: "other" },
  "a new run": { verb: "newRun", give: () => actions.newRun({ seed: 9 }), fate: "choice", way: "other" },
  "a deletion": {
    verb: "deleteRun",
    give: () => actions.deleteRun("here"),
    fate: "choice",
    way: "next",
  },
};

/** They ask nothing of the server. @type {(keyof typeof actions)[]} */
export const LOCAL = ["hasEnded", "viewStep"];
