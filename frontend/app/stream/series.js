/** Stores a run's series as growing columns, without loss. */

export class SeriesStore {
  constructor() {
    /** Names in the server's order; the first is the row's number. @type {string[]} */
    this.columns = [];
    /** The number of rows. */
    this.length = 0;
    /** @type {Map<string, Float64Array<ArrayBuffer>>} */
    this.#data = new Map();
    /** @type {Set<() => void>} */
    this.#listeners = new Set();
  }

  #data;
  #listeners;
  #capacity = 0;

  /** The number of the last row: the stream continues after it. */
  get cursor() {
    const first = this.columns[0];
    return first && this.length ? (this.#data.get(first)?.[this.length - 1] ?? 0) : 0;
  }

  /**
   * Removes the rows beyond a step, for a run restored without them.
   * @param {number} step
   * @returns {boolean} whether there were any
   */
  cut(step) {
    const left = this.rowAt(step) + 1;
    if (left === this.length) return false;
    // A column grows within its buffer: no old value may be left beyond its end.
    for (const data of this.#data.values()) data.fill(NaN, left);
    this.length = left;
    for (const listener of this.#listeners) listener();
    return true;
  }

  /**
   * Adds rows; rows already stored, as after a reconnect, are skipped.
   * @param {string[]} columns
   * @param {(number | null)[][]} rows in order
   */
  append(columns, rows) {
    if (this.columns.length === 0) this.columns = [...columns];
    const after = this.cursor;
    const newRows = rows.filter((row) => (row[0] ?? 0) > after);
    if (newRows.length === 0) return;
    this.#reserve(this.length + newRows.length, columns);
    columns.forEach((name, index) => {
      const data = /** @type {Float64Array} */ (this.#data.get(name));
      let at = this.length;
      for (const row of newRows) data[at++] = row[index] ?? NaN;
    });
    this.length += newRows.length;
    for (const listener of this.#listeners) listener();
  }

  /**
   * A column's values, as a view that is invalid after the next append; null if there is none.
   * @param {string} name
   * @returns {Float64Array<ArrayBuffer> | null}
   */
  column(name) {
    return this.#data.get(name)?.subarray(0, this.length) ?? null;
  }

  /**
   * @param {string} name
   * @param {number | null} [step] the present, or the last row at or before a past step
   * @returns {number} NaN if there is none
   */
  value(name, step = null) {
    const row = step === null ? this.length - 1 : this.rowAt(step);
    return row < 0 ? NaN : (this.#data.get(name)?.[row] ?? NaN);
  }

  /**
   * @param {number} step
   * @returns {number} index of the last row at or before this step; -1 before the first
   */
  rowAt(step) {
    const steps = this.column("step");
    if (!steps) return -1;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (steps[middle]) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Removes all rows, for another run. */
  clear() {
    this.columns = [];
    this.length = 0;
    this.#capacity = 0;
    this.#data.clear();
    for (const listener of this.#listeners) listener();
  }

  /**
   * @param {() => void} listener called after rows are added, or all are removed
   * @returns {() => void} stops it
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * @param {number} length
   * @param {string[]} columns
   */
  #reserve(length, columns) {
    if (length > this.#capacity) this.#capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(length)));
    for (const name of columns) {
      const old = this.#data.get(name);
      if (old && old.length >= this.#capacity) continue;
      const grown = new Float64Array(this.#capacity).fill(NaN);
      if (old) grown.set(old);
      this.#data.set(name, grown);
      if (!this.columns.includes(name)) this.columns.push(name);
    }
  }
}
