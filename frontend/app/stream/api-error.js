/** The error of a request that the server refused or did not answer. */

/** @typedef {import("../types/api.js").Problem} Problem */

export class ApiError extends Error {
  /**
   * @param {number} status the HTTP status; 0 if there was no answer
   * @param {Partial<Problem>} problem
   * @param {number | null} [retryAfter] seconds to wait before the next request
   */
  constructor(status, { code = "", message = "", path = "", hint = "" }, retryAfter = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.path = path;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }

  /** @returns {Problem} the problem to show */
  get problem() {
    const { code, message, path, hint } = this;
    return { code, message, path, hint };
  }
}

/**
 * A refusal and its remedy in whole sentences, the same everywhere on the page.
 * @param {{message: string, hint: string}} problem
 */
export function sentences({ message, hint }) {
  return [message, hint].filter(Boolean).map(sentence).join(" ");
}

/** @param {string} text */
const sentence = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);

/**
 * @param {unknown} error anything that was thrown
 * @returns {ApiError}
 */
export function asApiError(error) {
  if (error instanceof ApiError) return error;
  return new ApiError(0, { code: "internal", message: String(error) });
}

/** @returns {ApiError} for a request that got no answer */
export function unreachable() {
  return new ApiError(0, {
    code: "unreachable",
    message: "The server does not answer.",
    hint: "Check that it is running and that this computer is connected. The page keeps trying.",
  });
}
