/**
 * Whose page it is. A verb is for the run that was on the page when it was given. While another run is
 * on its way there, a verb waits for that run or is dropped: it never reaches a third one. Of two runs
 * that are on their way, the one that was chosen last comes, whichever answer is first.
 */

import * as store from "./store.js";

/**
 * What may wait for the run that is on its way.
 * @typedef {object} Kind
 * @property {boolean} verbs  steps, speed and the like, which any run obeys
 * @property {boolean} edits  changes of the form: it goes on as the form of the run that comes
 * @property {boolean} makes  whether the run is made
 */

/** A run that is made of the one on the page. @type {Kind} */
export const SUCCESSION = { verbs: true, edits: true, makes: true };
/** A run of other settings. @type {Kind} */
export const NEW = { verbs: true, edits: false, makes: true };
/** A run that is there. @type {Kind} */
export const OPENING = { verbs: true, edits: false, makes: false };
/** The run on the page is deleted, and nobody has chosen the next one yet. @type {Kind} */
export const REMOVAL = { verbs: false, edits: false, makes: false };

/** A run on its way to the page. */
export class Passage {
  /** @type {(id: string | null) => void} */
  #end = () => {};
  /** @type {string | null} */
  #arrived = null;
  /**
   * The run that has come; null if it was refused, or if another one was chosen meanwhile.
   * @type {Promise<string | null>}
   */
  ended = new Promise((end) => (this.#end = end));

  /**
   * @param {Kind} kind
   * @param {string | null} target  the run, where it is known
   */
  constructor(kind, target) {
    this.kind = kind;
    this.target = target;
  }

  /** Whether nobody has chosen another run meanwhile. */
  get current() {
    return passage === this;
  }

  /** The run is put on the page now. @param {string} id */
  arrive(id) {
    this.#arrived = id;
    if (this.kind.edits) return;
    lineage = {};
    store.changing.value = false;
  }

  /** Says that nothing more comes this way. Does no harm twice. */
  end() {
    if (!this.current) return;
    enter(null);
    this.#end(this.#arrived);
  }

  /** Another run is chosen: what waits for this one is dropped. @param {Passage | null} next */
  give(next) {
    if (!this.current) return;
    enter(next);
    this.#end(null);
  }
}

/** @type {Passage | null} */
let passage = null;

/** Stands for a run and all that are made of it one after another, on one form. */
let lineage = {};

/** @param {Passage | null} next */
function enter(next) {
  passage = next;
  store.starting.value = next?.kind.makes ?? false;
}

/** The run that is on its way, if any. */
export const pending = () => passage;

/** The same object as long as the form goes on. @returns {object} */
export const lineageOnPage = () => lineage;

/**
 * Sets out for another run. Who was on the way before comes no more.
 * @param {Kind} kind
 * @param {string | null} [target]
 * @returns {Passage} to be ended
 */
export function depart(kind, target = null) {
  const next = new Passage(kind, target);
  // Verbs for another run do not wait for those that were given to this one.
  if (!kind.edits) line = null;
  if (passage) passage.give(next);
  else enter(next);
  return next;
}

/** Stays with the run on the page, whichever was on its way. */
export function stay() {
  line = null;
  passage?.give(null);
}

/**
 * Settles when the verb that was given last has been passed on, with the run that was on the page then;
 * with null where the run that the verb makes has not come. Null where no verb waits.
 * @type {Promise<string | null> | null}
 */
let line = null;

/** What a run is being made of: a run and its form, or one that is on its way. @type {Set<object>} */
const making = new Set();

/** Settles when all verbs that were given so far have been passed on; null where none waits. */
export const passedOn = () => line;

const onPageNow = () => store.run.value?.id ?? null;

/**
 * Gives a verb to the run on the page, or to the one that is on its way there once it has come. Verbs are
 * passed on in the order in which they were given.
 * @param {(pass: () => void) => Promise<boolean | void>} verb  calls `pass` once the run is told, answered
 *   or not; what it gives is false where the run that it makes has not come
 * @returns {Promise<boolean>} false where it was dropped, or made no run
 */
export async function onPage(verb) {
  const before = line;
  const way = passage;
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
    if (way) {
      run = await way.ended;
      if (run === null) return false;
    }
    // Whoever has chosen another run since gave this verb to the one before.
    if (run !== onPageNow()) return false;
    came = (await verb(() => leave(true))) !== false;
    return came;
  } finally {
    leave(came);
  }
}

/**
 * A verb that makes a run of the one on the page. Given twice while that is on its way, it counts once.
 * @param {() => Promise<boolean>} verb
 */
export async function once(verb) {
  const of = passage ?? lineage;
  if (making.has(of) || passage?.kind.edits) return false;
  making.add(of);
  try {
    return await onPage(verb);
  } finally {
    making.delete(of);
  }
}
