/** Formats numbers, computes ticks, and maps values to places on an axis. */

const thousands = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** @param {string} text */
const minus = (text) => text.replace("-", "−");

/**
 * Formats a changing number: always three significant digits, so that it keeps its width.
 * @param {number | null | undefined} value
 * @returns {string} "0.600", "1,234", "6.00e-4", "–" if there is none
 */
export function format(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 0.9995e-3) return exponential(value.toExponential(2));
  if (size >= 999.5) return minus(thousands.format(value));
  return minus(value.toPrecision(3));
}

/**
 * Formats a fixed number: without trailing zeros.
 * @param {number | null | undefined} value
 * @returns {string} "0.6", "1,234", "6e-4"
 */
export function short(value) {
  const text = format(value);
  const [digits = "", power] = text.split("e");
  const trimmed = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return power === undefined ? trimmed : `${trimmed}e${power}`;
}

/**
 * Formats an integer with separated thousands; as a power of ten if it is too long to read.
 * @param {number | null | undefined} value
 */
export function count(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return Math.abs(value) < 1e7 ? minus(thousands.format(value)) : short(value);
}

/**
 * Formats a share as a percentage with at most three digits.
 * @param {number | null | undefined} value from 0 to 1
 */
export function percent(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return `${(100 * value).toFixed(value >= 0.99995 ? 0 : 1)}%`;
}

/** @param {string} text as toExponential gives it */
function exponential(text) {
  return minus(text).replace("e+", "e").replace(/e[-−]/, "e-");
}

/**
 * Round numbers between two ends: 1, 2 or 5 times a power of ten apart.
 * @param {number} low
 * @param {number} high
 * @param {number} [about] the approximate number of ticks
 * @returns {number[]}
 */
export function ticks(low, high, about = 5) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  const step = power * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
  const found = [];
  const last = Math.floor(high / step + 1e-9);
  // A multiple, not a sum: 0.1 + 0.2 is not 0.3.
  for (let i = Math.ceil(low / step - 1e-9); i <= last; i++) {
    found.push(i === 0 ? 0 : Number((i * step).toPrecision(12)));
  }
  return found;
}

/**
 * Powers of ten between two positive ends, thinned to a few.
 * @param {number} low
 * @param {number} high
 * @param {number} [most]
 * @returns {number[]}
 */
export function logTicks(low, high, most = 6) {
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  const found = [];
  for (let power = first; power <= last; power += every) found.push(10 ** power);
  return found;
}

/**
 * Powers of ten; if there are fewer than three, with round numbers between them, as many as fit.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {number[]}
 */
export function logSplits(low, high, most) {
  const powers = logTicks(low, high, most);
  if (powers.length > 2 || !(low > 0)) return powers;
  for (const leads of [[1, 2, 5], [1, 3]]) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const lead of leads) {
        const value = Number((lead * 10 ** power).toPrecision(3));
        if (value >= low && value <= high) found.push(value);
      }
    }
    if (found.length <= most && found.length > powers.length) return found;
  }
  return powers;
}

/**
 * An axis of the page's own: `ticks` are its values with a mark, `names` their texts, and `below` puts the title of a
 * horizontal axis in a line of its own.
 * @typedef {import("../types/pictures.js").Axis & {ticks?: number[], names?: string[], below?: boolean}} NamedAxis
 */

/** The text beside a tick. @param {NamedAxis} axis @param {number} value */
export const tickText = ({ ticks: own, names }, value) => names?.[own?.indexOf(value) ?? -1] ?? short(value);

/**
 * Ticks of an axis, by default at round values; for counts, integers only.
 * @param {NamedAxis} axis
 * @param {number} about
 */
export function axisTicks(axis, about) {
  if (axis.ticks) return axis.ticks;
  const found =
    axis.scale === "log" ? logTicks(axis.low, axis.high, about) : ticks(axis.low, axis.high, about);
  if (!axis.whole || found.every(Number.isInteger)) return found;
  return ticks(axis.low, axis.high, Math.floor(axis.high - axis.low) || 1).filter(Number.isInteger);
}

/**
 * The position of a value between an axis's ends, 0 to 1.
 * @param {import("../types/pictures.js").Axis} axis
 * @param {number} value
 */
export function share({ low, high, scale }, value) {
  if (scale === "log") return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/**
 * The value at a share of an axis: the inverse of `share`.
 * @param {import("../types/pictures.js").Axis} axis
 * @param {number} part
 */
export function valueAt({ low, high, scale }, part) {
  return scale === "log" ? low * (high / low) ** part : low + part * (high - low);
}
