/** The name of a file that the page itself saves, by the rules of the server (api/routes/attachments.py). */

/** The most characters of a file's name, its ending included. */
const MAX_CHARACTERS = 80;

/**
 * Lower-case ASCII letters, digits and hyphens of a name, then the end.
 * @param {string} name
 * @param {string} end
 */
export function fileName(name, end) {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = trimmed(plain.replace(/[^a-z0-9]+/g, "-"));
  return (trimmed(words.slice(0, MAX_CHARACTERS - end.length)) || "run") + end;
}

/** @param {string} words */
const trimmed = (words) => words.replace(/^-+|-+$/g, "");
