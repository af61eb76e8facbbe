/** Converts values to positions on a slider and back. */

/**
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {{
 *   ticks: number, position: (value: number) => number, value: (position: number) => number,
 * }} Scale  positions run from 0 to `ticks`
 */

const TICKS = 400;
/** A longer range, such as a seed's, has no slider. */
const MAX_INTEGERS = 1e7;

/**
 * The scale of a knob, or null if a slider makes no sense (a seed).
 * @param {Pick<Knob, "type" | "min" | "max" | "shown" | "step" | "scale">} knob
 * @returns {Scale | null}
 */
export function scaleOf(knob) {
  const [low = knob.min, high = knob.max] = knob.shown ?? [];
  if (typeof low !== "number" || typeof high !== "number" || high <= low) return null;
  const whole = knob.type === "integer";
  if (whole && high - low > MAX_INTEGERS) return null;
  if (knob.scale === "log" && low > 0) return logarithmic(low, high, knob, whole);
  return linear(low, high, knob.step ?? (whole ? 1 : (high - low) / 200));
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @returns {Scale}
 */
function linear(low, high, step) {
  const ticks = Math.max(1, Math.round((high - low) / step));
  return {
    ticks,
    position: (value) => clamp(Math.round(((value - low) / (high - low)) * ticks), ticks),
    value: (position) => tidy(low + (clamp(position, ticks) / ticks) * (high - low)),
  };
}

/**
 * A logarithmic scale with round values. If zero is allowed, which a logarithmic scale cannot contain, it
 * is the leftmost position.
 * @param {number} low
 * @param {number} high
 * @param {Pick<Knob, "min" | "step">} knob
 * @param {boolean} whole
 * @returns {Scale}
 */
function logarithmic(low, high, { min, step }, whole) {
  const zero = min === 0 && !whole ? 12 : 0;
  const ticks = TICKS + zero;
  const span = Math.log(high / low);
  return {
    ticks,
    position: (value) => {
      if (value < low && zero) return value > 0 ? zero : 0;
      return clamp(zero + Math.round((Math.log(Math.max(value, low) / low) / span) * TICKS), ticks);
    },
    value: (position) => {
      if (zero && position < zero) return 0;
      const exact = low * Math.exp(((clamp(position, ticks) - zero) / TICKS) * span);
      const rounded = whole ? roundWhole(exact, step ?? 1) : Number(exact.toPrecision(2));
      return Math.min(high, Math.max(low, rounded));
    },
  };
}

/**
 * Rounds to two digits, enough while dragging, or to the step if the number is well above it.
 * @param {number} exact
 * @param {number} step
 */
function roundWhole(exact, step) {
  const coarse = exact >= 10 * step ? Math.round(exact / step) * step : Math.round(exact);
  return coarse >= 100 ? Number(coarse.toPrecision(2)) : coarse;
}

/** @param {number} position @param {number} ticks */
const clamp = (position, ticks) => Math.min(ticks, Math.max(0, position));

/** Rounds 0.30000000000000004 to 0.3. @param {number} value */
const tidy = (value) => Number(value.toPrecision(10));
