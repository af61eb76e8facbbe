/** What panels, views and the network can do to the run that they are given, and say of it. */

export { change, changeMany, newSeed, setNumber } from "./actions.js";
export { complain, settle } from "./refused.js";
export { onlyWatched, REASON } from "./watching.js";
export { isWatched } from "./whose.js";
