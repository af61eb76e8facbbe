/** A field for typing a sequence of symbols or numbers, and a line that shows its errors. */

import { element, setText } from "../panels/element.js";
import { lengthProblem, parseNumbers } from "./typed-numbers.js";

/**
 * @typedef {object} SequenceConfig
 * @property {string} label
 * @property {string[]} symbols the text of each token, by its number; none for numbers
 * @property {boolean} [marked] of numbers: whether a + before one marks it as a summand
 * @property {number} least tokens
 * @property {number} most tokens
 * @property {Pair | null} [pair] a source may be followed by its answer
 * @property {(text: string) => void} onChange called with each valid sequence that differs from the last one, as the
 *   server reads it
 */

/**
 * The separator between a source and its answer, and the most tokens with it.
 * @typedef {{separator: string, most: number}} Pair
 */

/** Fields made so far, for the ids of their problems. */
let made = 0;

export class SequenceField {
  #input = element("input", {
    type: "text",
    class: "text number",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  #problem = element("p", { id: `sequence-problem-${++made}`, class: "problem", role: "alert", hidden: true });
  #label = element("span", { class: "caption" });
  element = element(
    "div",
    { class: "sequence-field" },
    element("label", {}, this.#label, this.#input),
    this.#problem,
  );
  #config;
  /** The last valid sequence. */
  #last = "";

  /** @param {SequenceConfig} config */
  constructor(config) {
    this.#config = config;
    setText(this.#label, config.label);
    this.#input.addEventListener("input", () => this.#read());
    this.#input.addEventListener("keydown", (event) => {
      // The page's shortcuts are letters and space, which are typed here.
      event.stopPropagation();
      if (event.key === "Enter") this.#input.blur();
    });
  }

  /** Changes the task: other symbols, other lengths. @param {Partial<SequenceConfig>} changes */
  set(changes) {
    this.#config = { ...this.#config, ...changes };
    if (changes.label) setText(this.#label, changes.label);
  }

  /** Shows symbols or numbers as if they had been typed, without notifying `onChange`. @param {string[]} parts */
  show(parts) {
    const { symbols } = this.#config;
    this.#last = symbols.length ? parts.join("") : parts.join(" ");
    this.#showProblem("");
    this.#input.value = symbols.length ? tokensText(parts.map((part) => symbols.indexOf(part)), symbols) : this.#last;
  }

  /** Reads a refused text again with the present alphabet; returns whether it is accepted now. */
  retry() {
    if (this.#problem.hidden) return false;
    this.#read();
    return this.#problem.hidden;
  }

  /** Whether somebody is typing a text that is refused as yet. */
  get correcting() {
    return !this.#problem.hidden && document.activeElement === this.#input;
  }

  #read() {
    const found = this.#parsed();
    this.#showProblem(typeof found === "string" ? found : "");
    if (typeof found === "string" || found.text === this.#last) return;
    this.#last = found.text;
    this.#config.onChange(found.text);
  }

  /** @returns {{text: string} | string} what was typed, or the error */
  #parsed() {
    const { symbols, marked = false, least, most, pair } = this.#config;
    const found = symbols.length
      ? parseTokens(this.#input.value, symbols, least, most, pair)
      : parseNumbers(this.#input.value, marked, least, most);
    if (typeof found === "string") return found;
    return { text: symbols.length ? found.map((token) => symbols[Number(token)]).join("") : found.join(" ") };
  }

  /** @param {string} text */
  #showProblem(text) {
    setText(this.#problem, text);
    this.#problem.hidden = text === "";
    this.#input.setAttribute("aria-invalid", String(text !== ""));
    if (text) this.#input.setAttribute("aria-describedby", this.#problem.id);
    else this.#input.removeAttribute("aria-describedby");
  }
}

/** The sign shown, and accepted, for a symbol that a line of text cannot hold. */
const INLINE_SIGNS = new Map([["\n", "↵"], ["\t", "⇥"]]);

/** A symbol as it is shown in a line of text. @param {string} symbol */
const inlineText = (symbol) => INLINE_SIGNS.get(symbol) ?? symbol;

/** The symbol for all characters of a text that are too rare to have their own. */
const UNKNOWN = "\ufffd";

/** Matches symbols with an invisible part: a space, a control character, a lone accent. */
const INVISIBLE = /[\p{C}\p{Z}\p{M}]/u;

/** A symbol as it is shown in a list: an invisible one by its number. @param {string} symbol */
const listText = (symbol) =>
  INLINE_SIGNS.get(symbol) ??
  (INVISIBLE.test(symbol)
    ? [...symbol].map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ")
    : symbol);

/** A symbol shown alone: a space is made visible too. @param {unknown} symbol */
export const visibleSymbol = (symbol) => (symbol === " " ? "␣" : listText(String(symbol ?? "")));

/** Whether each symbol is one character, so that no spaces are needed. @param {string[]} symbols */
const isSingleCharacters = (symbols) => symbols.every((symbol) => [...symbol].length === 1);

/**
 * @param {number[]} tokens
 * @param {string[]} symbols
 */
export function tokensText(tokens, symbols) {
  const spaced = !isSingleCharacters(symbols) || !symbols.includes(" ");
  return tokens.map((token) => inlineText(symbols[token] ?? "?")).join(spaced ? " " : "");
}

/**
 * @param {string} text
 * @param {string[]} symbols
 * @param {number} least
 * @param {number} most
 * @param {Pair | null} [pair]
 * @returns {number[] | string} tokens, or the error
 */
export function parseTokens(text, symbols, least, most, pair = null) {
  const signs = symbols.map(inlineText);
  /** @param {string} part */
  const known = (part) => symbols.indexOf(part) >= 0 ? symbols.indexOf(part) : signs.indexOf(part);
  const rare = symbols.indexOf(UNKNOWN);
  // Separators are not symbols, unless the task has them as symbols.
  const parts = isSingleCharacters(symbols)
    ? [...text].filter((part) => known(part) >= 0 || !/[\s,]/.test(part))
    : text.split(/[\s,]+/).filter(Boolean);
  const tokens = [];
  for (const part of parts) {
    const token = known(part) >= 0 ? known(part) : rare;
    if (token < 0) return `“${part}” is not a symbol of this task. Use ${alphabetText(symbols)}.`;
    tokens.push(token);
  }
  const first = pair ? tokens.indexOf(symbols.indexOf(pair.separator)) : -1;
  if (first === 0) return `Give a source before ${pair?.separator}.`;
  const limit = pair && first > 0 ? pair.most : most;
  return lengthProblem(tokens.length, least, limit, "symbol") || tokens;
}

/**
 * The allowed length in words: "up to 5 symbols, or 10 with →", "up to 30 numbers, + before each summand".
 * @param {Pick<SequenceConfig, "most" | "pair" | "symbols" | "marked">} config
 */
export function lengthText({ most, pair = null, symbols, marked = false }) {
  if (symbols.length === 0) return `up to ${most} numbers${marked ? ", + before each summand" : ""}`;
  return `up to ${most} symbols${pair ? `, or ${pair.most} with ${pair.separator}` : ""}`;
}

/** @param {string[]} symbols */
function alphabetText(symbols) {
  const shown = symbols.map((symbol) => (symbol === " " ? "space" : listText(symbol)));
  if (shown.length <= 6) return shown.join(", ");
  const orderly = shown.every((symbol, i) => i === 0 || symbol.charCodeAt(0) === (shown[i - 1] ?? "").charCodeAt(0) + 1);
  return orderly ? `${shown[0]} to ${shown.at(-1)}` : shown.slice(0, 40).join(" ");
}
