/** The actions that panels, views and the network may call on the run that they are given. */

export { change, changeMany, newSeed, setNumber } from "./actions.js";
export { complain, settle } from "./refused.js";
export { onlyWatched, REASON } from "./watching.js";
export { isWatched } from "./whose.js";
