/** Finds the server's address: the page's own, including the path prefix of a proxy. */

/** @returns {string} the folder of the page's address, with a slash at both ends; "/" without a prefix */
export const folder = () => (globalThis.location?.pathname ?? "/").replace(/[^/]*$/, "");

/**
 * @param {string} path of the server, such as "/api/runs"
 * @returns {string} the same from the root of the host
 */
export const addressOf = (path) => folder() + path.slice(1);
