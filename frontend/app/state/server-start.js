/** Says why a new run has to wait for a server that has just been started. */

import { api } from "../stream/api.js";
import { preparing } from "./store.js";

const LOOKS_EVERY = 1000; // ms: a server that is ready makes a run sooner

/**
 * Makes a run. While that takes long, asks the server whether its workers wait for something.
 * @template T
 * @param {() => Promise<T>} make
 * @param {(act: () => void, ms: number) => unknown} [later]
 * @returns {Promise<T>}
 */
export async function sayingWhy(make, later = setTimeout) {
  let made = false;
  const look = async () => {
    if (made) return;
    const health = await api.health().catch(() => null);
    if (made) return;
    preparing.value = health?.preparing ?? null;
    later(look, LOOKS_EVERY);
  };
  later(look, LOOKS_EVERY);
  try {
    return await make();
  } finally {
    made = true;
    preparing.value = null;
  }
}
