/** The messages that say why a run can no longer be shown, by how its stream ended. */

/** @typedef {import("../types/api.js").Problem} Problem */
/** @typedef {import("../stream/connection.js").State} State */

/** @type {Problem} */
export const SIGNED_OUT = {
  code: "unauthorized",
  message: "This server does not know this browser any more.",
  path: "",
  hint: "Sign in again, with the token or the link that you were given; the run and its settings stay in the address.",
};

/** @type {Map<State, Problem>} */
export const END_PROBLEMS = new Map([
  ["signed-out", SIGNED_OUT],
  [
    "refused",
    {
      code: "forbidden",
      message: "The server does not let this page in.",
      path: "",
      hint: "Open it under the address that the server names when it starts.",
    },
  ],
  [
    "gone",
    {
      code: "gone",
      message: "This run is no longer on the server.",
      path: "",
      hint: "It was deleted, or the server was started anew. Its settings are still here.",
    },
  ],
]);
