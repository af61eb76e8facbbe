/** Describes in words which latent dimensions carry no information. */

import { format } from "../../marks/scales.js";

/** The most dimensions that are listed; of more, only the number is given. */
const MAX_LISTED = 4;

/**
 * @param {ArrayLike<number>} kl of each dimension, in nats
 * @param {number[]} collapsed dimensions whose KL is near 0, from 1
 * @param {number} dimensions of the code
 * @returns {string} empty if all are in use
 */
export function collapseText(kl, collapsed, dimensions) {
  const count = collapsed.length;
  if (count === 0) return "";
  const sum = format(collapsed.reduce((whole, place) => whole + (kl[place - 1] ?? 0), 0));
  if (count === dimensions) {
    return (
      `The posterior has collapsed: z carries only ${sum} nats of information about an image, ` +
      "q(z|x) is close to N(0, I), and all reconstructions look the same. Try a smaller β or σ."
    );
  }
  const who = count > MAX_LISTED ? `${count} of ${dimensions} dimensions have` : `${listNames(collapsed)} ${count === 1 ? "has" : "have"}`;
  const together = count > 1 ? "together they carry" : "it carries";
  return `${who} collapsed to the prior: ${together} ${sum} nats of information about an image, and the decoder ignores ${count > 1 ? "them" : "it"}.`;
}

/** @param {number[]} places */
function listNames(places) {
  const names = places.map((place) => `z${place}`);
  const last = names.pop();
  return names.length ? `${names.join(", ")} and ${last}` : String(last);
}
