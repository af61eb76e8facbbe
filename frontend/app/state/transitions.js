/**
 * Orders the actions on runs while the run on the page changes. An action is for the run that was on the
 * page when it was given. While another run is on its way, an action waits for that run or is dropped: it
 * never reaches a third run. If two runs are on their way, the one chosen last is shown, whichever answer
 * comes first.
 */

import { shown } from "./shown.js";
import * as store from "./store.js";

/**
 * What may wait for a run that is on its way.
 * @typedef {object} Kind
 * @property {boolean} verbs  actions such as steps and speed, which any run accepts
 * @property {boolean} edits  changes of the form, which becomes the form of the new run
 * @property {boolean} makes  whether a run is being made
 */

/** A run made from the one on the page. @type {Kind} */
export const SUCCESSION = { verbs: true, edits: true, makes: true };
/** A new run with other settings. @type {Kind} */
export const NEW = { verbs: true, edits: false, makes: true };
/** An existing run. @type {Kind} */
export const OPENING = { verbs: true, edits: false, makes: false };
/** The run on the page is deleted, and the next one is not chosen yet. @type {Kind} */
export const REMOVAL = { verbs: false, edits: false, makes: false };

/** A run on its way to the page. */
export class Transition {
  /** @type {(id: string | null) => void} */
  #end = () => {};
  /** @type {string | null} */
  #arrived = null;
  /**
   * The run that was put on the page; null if it was refused, or if another was chosen meanwhile.
   * @type {Promise<string | null>}
   */
  ended = new Promise((end) => (this.#end = end));

  /**
   * @param {Kind} kind
   * @param {string | null} target  the run, if it is known
   */
  constructor(kind, target) {
    this.kind = kind;
    this.target = target;
  }

  /** Whether no other run was chosen meanwhile. */
  get current() {
    return transition === this;
  }

  /** Marks the run as put on the page. @param {string} id */
  arrive(id) {
    this.#arrived = id;
    if (this.kind.edits) return;
    lineage = {};
    shown.changing.value = false;
  }

  /** Ends the transition. Calling it twice is harmless. */
  end() {
    if (!this.current) return;
    enter(null);
    this.#end(this.#arrived);
  }

  /** Gives way to another run: actions waiting for this one are dropped. @param {Transition | null} next */
  give(next) {
    if (!this.current) return;
    enter(next);
    this.#end(null);
  }
}

/** @type {Transition | null} */
let transition = null;

/** Identifies a run and all runs made from it one after another, on one form. */
let lineage = {};

/** The first transition of the page: there is no run before it. @type {PromiseWithResolvers<Transition>} */
const first = Promise.withResolvers();
let begun = false;

/** @param {Transition | null} next */
function enter(next) {
  transition = next;
  if (next) {
    begun = true;
    first.resolve(next);
  }
  store.starting.value = next?.kind.makes ?? false;
}

/** The run that is on its way, if any. */
export const pending = () => transition;

/** The same object as long as the form is kept. @returns {object} */
export const lineageOnPage = () => lineage;

/**
 * Starts a transition to another run, and cancels the one before.
 * @param {Kind} kind
 * @param {string | null} [target]
 * @returns {Transition} the caller ends it
 */
export function startTransition(kind, target = null) {
  const next = new Transition(kind, target);
  // Actions on another run do not wait for those on this one.
  if (!kind.edits) line = null;
  if (transition) transition.give(next);
  else enter(next);
  return next;
}

/** Keeps the run on the page, and cancels any transition. */
export function cancelTransition() {
  line = null;
  transition?.give(null);
}

/**
 * Settles when the last action given has been passed on, with the run on the page at that time; with null
 * if the run that the action makes did not come. Null if no action waits.
 * @type {Promise<string | null> | null}
 */
let line = null;

/** The sources of runs being made: a run and its form, or a run on its way. @type {Set<object>} */
const making = new Set();

/** Settles when all actions given so far have been passed on; null if none waits. */
export const actionsSent = () => line;

const onPageNow = () => shown.run.value?.id ?? null;

/**
 * Applies an action to the run on the page, or to the run on its way once it is on the page. Actions are
 * passed on in the order in which they were given.
 * @param {(pass: () => void) => Promise<boolean | void>} verb  calls `pass` once the command is sent,
 *   answered or not; resolves to false if the run that it makes did not come
 * @returns {Promise<boolean>} false if the action was dropped, or made no run
 */
export async function onPage(verb) {
  const before = line;
  const way = transition;
  if (way && !way.kind.verbs) return false;
  /** @type {PromiseWithResolvers<string | null>} */
  const { promise, resolve } = Promise.withResolvers();
  const leave = (/** @type {boolean} */ came) => {
    if (line === promise) line = null;
    resolve(came ? onPageNow() : null);
  };
  line = promise;
  let came = false;
  try {
    let run = before ? await before : onPageNow();
    if (before && run === null) return false;
    // A verb given while the page starts is for the first run.
    const coming = way ?? (run === null && !begun ? await first.promise : null);
    if (coming) {
      run = await coming.ended;
      if (run === null) return false;
    }
    // Another run was chosen since: this action was for the run before.
    if (run !== onPageNow()) return false;
    came = (await verb(() => leave(true))) !== false;
    return came;
  } finally {
    leave(came);
  }
}

/**
 * Applies an action that makes a run from the one on the page. Given twice while that run is on its way,
 * it counts once.
 * @param {() => Promise<boolean>} verb
 */
export async function oncePerRun(verb) {
  const of = transition ?? lineage;
  if (making.has(of) || transition?.kind.edits) return false;
  making.add(of);
  try {
    return await onPage(verb);
  } finally {
    making.delete(of);
  }
}
