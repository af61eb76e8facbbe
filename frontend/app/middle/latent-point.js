/** The point of the latent plane that one drags: the scatter, the grid and the decoded image share it. */

import { signal } from "@preact/signals-core";

/** @typedef {{x: number, y: number}} Place in the plane's own units */

export const latentPoint = signal(/** @type {Place} */ ({ x: 0.5, y: 0.5 }));
