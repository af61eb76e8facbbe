/** The sequence that a recurrent network's pictures are of: all of them show the same one. */

import { signal } from "@preact/signals-core";

/**
 * What is typed, or a test sequence by its number.
 * @typedef {{text: string | null, example: number}} Chosen
 */

/** @type {import("@preact/signals-core").Signal<Chosen>} */
export const chosen = signal({ text: null, example: 0 });
