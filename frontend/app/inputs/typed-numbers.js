/** Reads a typed sequence of numbers, as the server reads it. */

const DIGITS = String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?`;
const NUMBER = new RegExp(`^()([+-]?${DIGITS})$`);
const MARKED = new RegExp(`^(\\+?)(-?${DIGITS})$`);
const LARGEST = 1e6;

/**
 * @param {string} text numbers with spaces, commas or semicolons between them
 * @param {boolean} marked whether a + before a number marks it as a summand
 * @param {number} least numbers
 * @param {number} most numbers
 * @returns {string[] | string} each number as the server reads it, or the error
 */
export function parseNumbers(text, marked, least, most) {
  const words = text.replaceAll("−", "-").split(/[\s,;]+/).filter(Boolean);
  const found = [];
  for (const word of words) {
    const [, mark, digits] = (marked ? MARKED : NUMBER).exec(word) ?? [];
    if (digits === undefined) {
      const example = marked ? "0.2 +0.5 0.7 +0.1" : "0.3 0.7 -0.2";
      return `“${word}” is not a number. Give numbers with spaces between them, such as ${example}.`;
    }
    const value = Number(digits);
    if (Math.abs(value) > LARGEST) return `${word} is too large. Give numbers from −1,000,000 to 1,000,000.`;
    found.push(`${mark}${value}`);
  }
  return lengthProblem(found.length, least, most, "number") || found;
}

/**
 * @param {number} count
 * @param {number} least
 * @param {number} most
 * @param {"symbol" | "number"} what
 * @returns {string} the error, or none
 */
export function lengthProblem(count, least, most, what) {
  if (count >= least && count <= most) return "";
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  return `${count} ${count === 1 ? what : `${what}s`}: give ${wanted}.`;
}
