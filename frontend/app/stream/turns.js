/** Limits how often input such as dragging is sent; the last value is always sent. */

import { sleep } from "./retry.js";

export class Turns {
  #last = -Infinity;

  /**
   * @param {number} gap milliseconds between two turns
   * @param {{now?: () => number, pause?: (ms: number) => Promise<unknown>}} [clock]
   */
  constructor(gap, { now = () => performance.now(), pause = sleep } = {}) {
    this.gap = gap;
    this.now = now;
    this.pause = pause;
  }

  /** Resolves when it is time to send: at once if the last time is long ago. */
  async next() {
    const left = this.#last + this.gap - this.now();
    if (left > 0) await this.pause(left);
    this.#last = this.now();
  }
}
