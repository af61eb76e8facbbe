/** Provides the page's colours to canvases: read from the CSS tokens, again when the theme changes. */

/** @typedef {import("../types/pictures.js").Colors} Colors */
/** @typedef {[number, number, number]} Rgb */
/** A colour for each of 256 values, as a canvas stores it. @typedef {Uint32Array<ArrayBuffer>} Table */

/** The number of classes with their own colour and shape. */
export const CLASSES = 10;
/** The share of each scale that a map uses behind data points, so that they stand out. */
const TINT_STRENGTH = 0.6;

/**
 * @typedef {object} Palette
 * @property {number} version changes with the theme or type size
 * @property {number} scale of type, 1.5 in presentation mode
 * @property {string} font
 * @property {(role: string) => string} css the colour of a role
 * @property {(colors: Colors | "ink", tinted?: boolean) => Table} table "ink" is paper to ink, for images
 * @property {Rgb[]} classes
 * @property {Rgb} zero
 */

/** Roles that are not names of tokens: the names of lines in pictures. */
const ROLES = new Map([
  ["train", "second"],
  ["test", "accent"],
]);

/** @type {Palette | null} */
let current = null;
let version = 0;
/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {Palette} the present theme's */
export function palette() {
  return (current ??= read());
}

/**
 * @param {() => void} listener called when colours or type sizes have changed
 * @returns {() => void} removes the listener
 */
export function onTheme(listener) {
  if (listeners.size === 0) observeTheme();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let observing = false;
function observeTheme() {
  if (observing) return;
  observing = true;
  new MutationObserver(() => {
    current = null;
    for (const listener of listeners) listener();
  }).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "data-presentation"],
  });
}

/** @returns {Palette} */
function read() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return build(token, ++version);
}

/**
 * @param {(name: string) => string} token the value of a custom property
 * @param {number} version
 * @returns {Palette}
 */
export function build(token, version) {
  /** @param {string} name */
  const rgb = (name) => parse(token(name));
  const zero = rgb("zero");
  const classes = Array.from({ length: CLASSES }, (_, k) => rgb(`class-${k}`));
  const diverging = [rgb("negative"), rgb("negative-half"), zero, rgb("positive-half"), rgb("positive")];
  const sequential = [zero, rgb("accent")];
  const ink = [zero, rgb("ink")];
  /** @param {Rgb} color */
  const tint = (color) => mix(zero, color, TINT_STRENGTH);
  const tables = {
    diverging: [ramp(diverging), ramp(diverging, TINT_STRENGTH)],
    sequential: [ramp(sequential), ramp(sequential.map(tint))],
    classes: [steps(classes), steps(classes.map(tint))],
    ink: [ramp(ink), ramp(ink.map(tint))],
  };
  /** @type {Map<string, string>} */
  const known = new Map();
  return {
    version,
    scale: Number(token("scale")) || 1,
    font: token("font") || "sans-serif",
    css(role) {
      let found = known.get(role);
      if (!found) known.set(role, (found = token(ROLES.get(role) ?? role) || token("ink")));
      return found;
    },
    table: (colors, tinted = false) => /** @type {Table} */ (tables[colors][tinted ? 1 : 0]),
    classes,
    zero,
  };
}

/**
 * @param {string} color "#rrggbb" or "#rgb"
 * @returns {Rgb}
 */
export function parse(color) {
  const digits = color.replace("#", "");
  const long = digits.length === 3 ? [...digits].map((d) => d + d).join("") : digits;
  const value = Number.parseInt(long, 16);
  return Number.isNaN(value) ? [128, 128, 128] : [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * @param {Rgb} from
 * @param {Rgb} to
 * @param {number} part 0 gives `from`, 1 gives `to`
 * @returns {Rgb}
 */
export function mix(from, to, part) {
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

/**
 * @param {Rgb} color
 * @returns {number} as a canvas stores it on a little-endian machine, opaque
 */
export function pixel([red, green, blue]) {
  return (255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
}

/** WCAG's relative luminance. @param {Rgb} color */
function luminance(color) {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * WCAG's contrast ratio of two colours, from 1 to 21.
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The role of the text that is easier to read on a colour of a table.
 * @param {Palette} palette
 * @param {number} under as a canvas stores it
 * @returns {"ink" | "on-accent"}
 */
export function textRole({ css }, under) {
  /** @type {Rgb} */
  const color = [under & 255, (under >> 8) & 255, (under >> 16) & 255];
  return contrast(parse(css("ink")), color) >= contrast(parse(css("on-accent")), color) ? "ink" : "on-accent";
}

/**
 * @param {Rgb[]} stops at equal distances
 * @param {number} [part] of the scale, around its middle
 * @returns {Table}
 */
function ramp(stops, part = 1) {
  const last = stops.length - 1;
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const place = (0.5 + (i / 255 - 0.5) * part) * last;
    const k = Math.min(Math.floor(place), last - 1);
    return pixel(mix(/** @type {Rgb} */ (stops[k]), /** @type {Rgb} */ (stops[k + 1]), place - k));
  });
}

/**
 * @param {Rgb[]} colors
 * @returns {Table} class k at k, repeated
 */
function steps(colors) {
  return Uint32Array.from({ length: 256 }, (_, i) =>
    pixel(/** @type {Rgb} */ (colors[i % colors.length])),
  );
}
