/** The actions that panels, views and the network may call on the run that they are given. */

export { change, changeMany, newSeed, setNumber } from "./actions.js";
export { showFieldError, clearFieldError } from "./refusals.js";
export { refuseIfWatched, REASON } from "./watching.js";
export { isWatched } from "./ownership.js";
