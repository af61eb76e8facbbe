/** The messages that say why a run can no longer be shown, by how its stream ended. */

/** @typedef {import("../types/api.js").Problem} Problem */
/** @typedef {import("../stream/connection.js").State} State */

/** @type {Problem} */
export const SIGNED_OUT = {
  code: "unauthorized",
  message: "You are signed out of this server.",
  path: "",
  hint: "Sign in again with the token or link that you were given. The address keeps the run and its settings.",
};

/** @type {Map<State, Problem>} */
export const END_PROBLEMS = new Map([
  ["signed-out", SIGNED_OUT],
  [
    "refused",
    {
      code: "forbidden",
      message: "The server refused this page.",
      path: "",
      hint: "Open the address that the server prints when it starts.",
    },
  ],
  [
    "gone",
    {
      code: "gone",
      message: "This run is no longer on the server.",
      path: "",
      hint: "It was deleted, or the server was restarted without its data. Its settings are still here.",
    },
  ],
]);

/**
 * The message for a run that was deleted while it was on the page.
 * @param {import("./ownership.js").Ownership} ownership
 * @param {{listed: boolean, here?: boolean, shared: boolean}} how  `listed`: whether this browser still has it on its
 *   list; `here`: whether it was deleted on this page; `shared`: whether the server has users that can be distinguished
 * @returns {Problem}
 */
export function deletedProblem(ownership, { listed, here = false, shared }) {
  const message = here
    ? "You deleted this run."
    : !listed
    ? "You deleted this run in another tab."
    : ownership !== "own"
      ? "Its owner or an administrator deleted this run."
      : shared
        ? "An administrator of this server deleted this run."
        : "This run was deleted in another browser or by a script.";
  return { code: "deleted", message, path: "", hint: "Its settings are still here." };
}
