/** The run on the page: the one that the form, the transport and the timeline command. */

import { RunState } from "./run-state.js";
import { catalogue } from "./store.js";

export const shown = new RunState(catalogue);
