/**
 * Reads and writes the address of the page: `#run=ID` opens a run, `#spec={…}` starts one, and both
 * together open the run while it exists and can start it again when it does not. `#group=ID` shows a group over it.
 */

/** @typedef {import("./state/run-state.js").Written} Written */
/** @typedef {{run: string | null, spec: Written | null, group: string | null, error: string | null}} Address */

/**
 * @param {string} hash  as in `location.hash`
 * @returns {Address}
 */
export function readHash(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const run = fields.get("run") || null;
  const group = fields.get("group") || null;
  const text = fields.get("spec");
  if (text === null) return { run, spec: null, group, error: null };
  try {
    const spec = JSON.parse(text);
    const isObject = typeof spec === "object" && spec !== null && !Array.isArray(spec);
    if (isObject) return { run, spec, group, error: null };
  } catch {
    // Reported below, with the remedy.
  }
  return { run, spec: null, group, error: "The settings in this link cannot be read. The default settings are shown." };
}

/**
 * @param {{run?: string | null, spec?: Written | null, group?: string | null}} address
 * @returns {string} a hash, with its #; "" if there is nothing to name
 */
export function writeHash({ run = null, spec = null, group = null }) {
  const parts = [];
  if (run) parts.push(`run=${encodeURIComponent(run)}`);
  if (spec && Object.keys(spec).length) parts.push(`spec=${readable(JSON.stringify(spec))}`);
  if (group) parts.push(`group=${encodeURIComponent(group)}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

/**
 * Whether the way back leads from an address to the one before: a group is opened or closed over the page. Other
 * changes, as of the run or its settings, replace the address, so that a reload finds them.
 * @param {string} before @param {string} after  hashes
 */
export const isStep = (before, after) => readHash(before).group !== readHash(after).group;

/**
 * Encoded as far as an address needs, so that a person can read the settings in it.
 * @param {string} text
 */
function readable(text) {
  return encodeURIComponent(text)
    .replace(/%22/g, '"')
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%7B/g, "{")
    .replace(/%7D/g, "}")
    .replace(/%5B/g, "[")
    .replace(/%5D/g, "]");
}
