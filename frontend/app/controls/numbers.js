/** Parses numbers as people type them, and formats numbers for controls. */

/** Whole numbers below this are written out. */
const MAX_WRITTEN_OUT = 1e15;

const WORDS_FOR_NONE = /^(none|null|off|no|∞|inf|infinity|-|–|full|full batch)$/i;

/**
 * Parses a typed number: "1e-3", "0,5", "30 %", "1/3", "10^-4"; null if it is invalid or ambiguous.
 * @param {string} text
 * @param {{share?: boolean, whole?: boolean}} [how]  share: "30" and "30%" both mean 0.3; whole: a comma
 *   groups digits
 * @returns {number | null}
 */
export function parseNumber(text, { share = false, whole = false } = {}) {
  if (ambiguousReadings(text, whole)) return null;
  const value = read(text);
  if (value === null || typeof value === "string") return null;
  // A share above 1 is meant in percent.
  return isPercent(text) || (share && Math.abs(value) > 1) ? value / 100 : value;
}

/**
 * The number that a text has, before its percent sign; what is wrong with one that cannot be represented; null if
 * the text is not a number.
 * @param {string} text
 * @returns {number | "too large" | "too close to 0" | null}
 */
function read(text) {
  const rest = normalize(text).replace(/%$/, "");
  const power = /^(?:([+-]?[\d.]+)[·*×])?10\^([+-]?\d+)$/.exec(rest);
  if (power) return represented(power[1] ?? "1", Number(power[1] ?? 1) * 10 ** Number(power[2]));
  const fraction = /^([+-]?\d*\.?\d+)\/(\d*\.?\d+)$/.exec(rest);
  if (fraction) {
    const below = Number(fraction[2]);
    return below === 0 ? null : represented(fraction[1] ?? "", Number(fraction[1]) / below);
  }
  const [, digits] = /^[+-]?(\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.exec(withoutThousands(rest)) ?? [];
  return digits === undefined ? null : represented(digits, Number(withoutThousands(rest)));
}

/** @param {string} digits those of a number without its exponent @param {number} value */
function represented(digits, value) {
  if (Number.isNaN(value)) return null;
  if (!Number.isFinite(value)) return "too large";
  return value === 0 && /[1-9]/.test(digits) ? "too close to 0" : value;
}

/** @param {string} text */
const isPercent = (text) => normalize(text).endsWith("%");

/** @param {string} text */
const normalize = (text) => text.trim().replace(/[−–]/g, "-").replace(/[\s_\u00a0\u202f]/g, "");

/**
 * The two readings of "1,000", with a decimal point and with a decimal comma. An integer has no decimals,
 * so a comma groups its digits, and a point may do so too.
 * @param {string} text
 * @param {boolean} whole
 * @returns {[string, string] | null} null if it is unambiguous
 */
export function ambiguousReadings(text, whole) {
  const [, high, low] = (whole ? /^([+-]?[1-9]\d{0,2})\.(\d{3})$/ : /^([+-]?[1-9]\d{0,2}),(\d{3})$/).exec(normalize(text)) ?? [];
  return high && low ? [`${high}${low}`, String(Number(`${high}.${low}`))] : null;
}

/**
 * The reason why `parseNumber` has no number for a text.
 * @param {string} text
 * @param {boolean} [whole]
 */
export function parseError(text, whole = false) {
  if (!text.trim()) return "The field is empty";
  const two = ambiguousReadings(text, whole);
  if (two) return `“${text}” may be ${two.join(" or ")}: write one of these`;
  const value = read(text);
  return `“${text}” is ${typeof value === "string" ? value : "not a number"}`;
}

/**
 * "1,000,000" is a million and "0,5" a half: a comma groups only where three digits follow.
 * @param {string} text
 */
function withoutThousands(text) {
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(",", "");
  return /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text) ? text.replace(",", ".") : text;
}

/** Whether the typed text means that there is no number. @param {string} text */
export function isNoneWord(text) {
  return WORDS_FOR_NONE.test(text.trim());
}

/**
 * Formats a number for a control: short, but with enough digits to distinguish values.
 * @param {number} value
 * @param {{share?: boolean}} [how]
 * @returns {string}
 */
export function formatNumber(value, { share = false } = {}) {
  if (share) return `${Number((value * 100).toPrecision(4))}%`;
  if (Number.isInteger(value) && Math.abs(value) < MAX_WRITTEN_OUT) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return value
      .toExponential()
      .replace(/(\.\d{3})\d+/, "$1")
      .replace(/\.?0*e\+?/, "e");
  }
  return String(Number(value.toPrecision(6)));
}

/**
 * Formats a number for a text field, so that it can be parsed again. Digits are grouped only if a comma
 * cannot be read as a decimal point.
 * @param {number} value
 * @param {{share?: boolean, whole?: boolean}} [how]
 */
export function fieldNumber(value, { share = false, whole = false } = {}) {
  const text = formatNumber(value, { share });
  return whole ? text : text.replaceAll(",", "");
}

/**
 * Formats a number for a changing readout: three significant digits, with constant width.
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function readout(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size < 1e-3) return sign + size.toExponential(1);
  if (size >= 1e6) return sign + size.toExponential(2).replace("e+", "e");
  if (size >= 100) return sign + Math.round(size).toLocaleString("en");
  return sign + size.toPrecision(3);
}
