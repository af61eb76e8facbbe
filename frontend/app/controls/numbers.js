/** Numbers as people type them and as controls show them. */

const WORDS_FOR_NONE = /^(none|null|off|no|∞|inf|infinity|-|–|full|full batch)$/i;

/**
 * A typed number, or null where it is none: "1e-3", "1,000", "0,5", "30 %", "1/3", "10^-4".
 * @param {string} text
 * @param {{share?: boolean}} [how]  share: "30" and "30%" both mean 0.3
 * @returns {number | null}
 */
export function parseNumber(text, { share = false } = {}) {
  let rest = text.trim().replace(/[−–]/g, "-").replace(/[\s_\u00a0\u202f]/g, "");
  const percent = rest.endsWith("%");
  if (percent) rest = rest.slice(0, -1);
  const power = /^(?:([+-]?[\d.]+)[·*×])?10\^([+-]?\d+)$/.exec(rest);
  if (power) return Number(power[1] ?? 1) * 10 ** Number(power[2]);
  const fraction = /^([+-]?\d*\.?\d+)\/(\d*\.?\d+)$/.exec(rest);
  if (fraction) return finite(Number(fraction[1]) / Number(fraction[2]));
  rest = withoutThousands(rest);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(rest)) return null;
  const value = finite(Number(rest));
  if (value === null) return null;
  // Nobody holds out 30 times the data: a share above 1 is meant in percent.
  return percent || (share && Math.abs(value) > 1) ? value / 100 : value;
}

/** @param {number} value */
const finite = (value) => (Number.isFinite(value) ? value : null);

/**
 * "1,000" is a thousand and "0,5" a half: a comma groups only where three digits follow.
 * @param {string} text
 */
function withoutThousands(text) {
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(",", "");
  return /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text) ? text.replace(",", ".") : text;
}

/** Whether somebody typed that there shall be no number. @param {string} text */
export function meansNone(text) {
  return WORDS_FOR_NONE.test(text.trim());
}

/**
 * A number in a control: as short as it can be without telling another one.
 * @param {number} value
 * @param {{share?: boolean}} [how]
 * @returns {string}
 */
export function formatNumber(value, { share = false } = {}) {
  if (share) return `${Number((value * 100).toPrecision(4))}%`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return value
      .toExponential()
      .replace(/(\.\d{3})\d+/, "$1")
      .replace(/\.?0*e\+?/, "e");
  }
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return String(Number(value.toPrecision(6)));
}

/**
 * A number for a readout that changes: three significant digits, always as wide.
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
