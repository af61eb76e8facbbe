/** A list to choose one entry from, by typing a part of its name or of its path. A text that names none stays, as refused. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

/** @typedef {{value: string, label: string, caption: string}} Entry */

export class Combobox {
  /** What has been typed; null while the list is closed. @type {import("@preact/signals-core").Signal<string | null>} */
  #typed = signal(null);
  /** The entry that Enter chooses, by its place in the list. */
  #active = signal(0);

  /** @param {string} id  of its input */
  constructor(id) {
    this.id = id;
  }

  /**
   * @param {Entry[]} entries
   * @param {string} value  of the chosen entry
   * @param {(value: string) => void} choose
   * @param {{refuse: (text: string) => void, refused: string | null, describedBy: string}} how  `refuse` is called with
   *   a text that names no entry, or "" if it is given up; `refused` is that text while it stands
   */
  show(entries, value, choose, { refuse, refused, describedBy }) {
    const typed = this.#typed.value;
    const label = entries.find((entry) => entry.value === value)?.label ?? "";
    const found = typed === null ? [] : matching(entries, typed);
    const active = Math.min(this.#active.value, found.length - 1);
    const open = (/** @type {string} */ text) => {
      this.#typed.value = text;
      const at = text ? 0 : entries.findIndex((entry) => entry.value === value);
      this.#activate(Math.max(0, at));
    };
    const take = (/** @type {Entry | undefined} */ entry) => {
      this.#typed.value = null;
      if (entry) choose(entry.value);
    };
    const giveUp = () => {
      this.#typed.value = null;
      if (refused !== null) refuse("");
    };
    const leave = (/** @type {Entry | undefined} */ entry) => {
      const text = typed?.trim() ?? "";
      if (!text || entry) return take(entry);
      this.#typed.value = null;
      return refuse(text);
    };
    const keyed = (/** @type {KeyboardEvent} */ event) => {
      const far = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (far !== undefined && typed === null) open("");
      else if (far !== undefined) this.#activate((active + far + found.length) % Math.max(1, found.length));
      else if (typed === null) return;
      else if (event.key === "Enter") leave(found[active]);
      else if (event.key === "Escape") giveUp();
      else return;
      event.preventDefault(); // of the dialog, which stays
    };
    const input = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget);
    return html`<div class="combobox">
      <input
        id=${this.id}
        class="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-expanded=${typed === null ? "false" : "true"}
        aria-controls="${this.id}-list"
        aria-autocomplete="list"
        aria-activedescendant=${found[active] ? `${this.id}-${active}` : nothing}
        aria-invalid=${refused === null ? "false" : "true"}
        aria-describedby=${refused === null ? nothing : describedBy}
        .value=${live(typed ?? refused ?? label)}
        placeholder=${label}
        @click=${(/** @type {Event} */ event) => {
          if (typed !== null) return;
          open(refused ?? "");
          if (refused === null) input(event).value = "";
        }}
        @input=${(/** @type {Event} */ event) => open(input(event).value)}
        @blur=${() => typed !== null && leave(named(found, typed))}
        @keydown=${keyed}
      />
      <ul id="${this.id}-list" role="listbox" aria-label="Fields" ?hidden=${typed === null}>
        ${found.map(
          (entry, i) => html`<li
            id="${this.id}-${i}"
            role="option"
            aria-selected=${entry.value === value ? "true" : "false"}
            class=${i === active ? "active" : ""}
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}
            @click=${() => take(entry)}
          >
            <span>${entry.label}</span> <span class="caption">${entry.caption}</span>
          </li>`,
        )}
        ${found.length ? nothing : html`<li class="caption" role="option" aria-selected="false" aria-disabled="true">Nothing matches</li>`}
      </ul>
    </div>`;
  }

  /** @param {number} at */
  #activate(at) {
    this.#active.value = at;
    queueMicrotask(() => document.getElementById(`${this.id}-${at}`)?.scrollIntoView({ block: "nearest" }));
  }
}

/**
 * Entries whose label, caption or value (a path, such as "optimizer.lr") has all words; the one that is named in full
 * comes first.
 * @param {Entry[]} entries
 * @param {string} typed
 */
export function matching(entries, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ value, label, caption }) => {
    const text = `${label} ${caption} ${value}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const whole = found.filter((entry) => isNamed(entry, typed));
  return whole.length ? [...whole, ...found.filter((entry) => !whole.includes(entry))] : found;
}

/** @param {Entry} entry @param {string} typed */
const isNamed = ({ value, label }, typed) => [value, label].some((name) => name.toLowerCase() === typed.trim().toLowerCase());

/** The entry that a text means without a press: the only one that it finds, or names in full. @param {Entry[]} found @param {string} typed */
export const named = (found, typed) => (found.length === 1 || (found[0] && isNamed(found[0], typed)) ? found[0] : undefined);
