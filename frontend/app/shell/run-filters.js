/** Search and filters over the table of all runs. */

import { html, nothing } from "lit-html";
import { groupList } from "../state/groups.js";
import { shortOf } from "../state/ownership.js";
import { runList } from "../state/run-list.js";
import { statusWord } from "../state/statuses.js";
import { catalogue, me } from "../state/store.js";
import { orders } from "./run-columns.js";
import { isShared } from "./run-rows.js";

const STATUSES = ["queued", "running", "paused", "finished", "failed", "stopped"];

export function runFilters() {
  const { name, status, family, owner, tag, group } = runList.filters.value;
  const models = catalogue.value?.models ?? [];
  const { owners, tags } = runList.seen.value;
  const others = owners.filter((one) => one !== me.value?.id);
  const groups = groupList.groups.value ?? [];
  const field = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget);
  return html`<div class="run-filters form">
    <input
      class="text run-search"
      type="search"
      aria-label="Search by name"
      placeholder="Search by name"
      ?autofocus=${!matchMedia("(pointer: coarse)").matches}
      .value=${name}
      @input=${(/** @type {Event} */ event) => runList.search(field(event).value)}
    />
    <div class="run-selects">
    ${choice("Status", status, [["", "Any status"], ...STATUSES.map(pair)], (value) => runList.filter({ status: value }))}
    ${choice(
      "Model",
      family,
      [["", "Any model"], ...models.map(({ kind, label }) => /** @type {[string, string]} */ ([kind, label]))],
      (value) => runList.filter({ family: value }),
    )}
    ${isShared()
      ? choice(
          "Owner",
          owner,
          [
            ["", "Everyone’s"],
            ["me", "Mine"],
            ...(me.value?.administrator
              ? [...new Set([...others, owner])]
                  .filter((one) => one && one !== "me")
                  .map((one) => /** @type {[string, string]} */ ([one, `Of ${shortOf(one)}`]))
              : []),
          ],
          (value) => runList.filter({ owner: value }),
        )
      : nothing}
    ${groups.length || group
      ? choice("Group", group, groupOptions(groups, group), (value) => runList.filter({ group: value }))
      : nothing}
    <input
      class="text run-tag"
      type="search"
      aria-label="Tag"
      placeholder="Tag"
      list="run-tags"
      .value=${tag}
      @change=${(/** @type {Event} */ event) => void runList.filter({ tag: field(event).value.trim() })}
    />
    <datalist id="run-tags">${tags.map((one) => html`<option value=${one}></option>`)}</datalist>
    <span class="for-cards">
      ${choice(
        "Order",
        runList.order.value,
        ordersAndPresent(),
        (value) => runList.sort(value),
        false,
      )}
    </span>
    </div>
  </div>`;
}

/** @param {string} status @returns {[string, string]} */
function pair(status) {
  const word = statusWord(status);
  return [status, word.charAt(0).toUpperCase() + word.slice(1)];
}

/**
 * All groups that are known; the present one is among them.
 * @param {{id: string, name: string}[]} groups
 * @param {string} present
 * @returns {[string, string][]}
 */
function groupOptions(groups, present) {
  const known = groups.some(({ id }) => id === present) || !present;
  const others = /** @type {[string, string][]} */ (groups.map(({ id, name }) => [id, name]));
  return [["", "Any group"], ...others, ...(known ? [] : [/** @type {[string, string]} */ ([present, "One group"])])];
}

/** All orders; the present one is among them. @returns {[string, string][]} */
function ordersAndPresent() {
  const now = runList.order.value;
  const all = orders();
  return all.some(([order]) => order === now) ? all : [...all, [now, "As chosen"]];
}

/**
 * @param {string} label
 * @param {string} value
 * @param {[value: string, label: string][]} options
 * @param {(value: string) => unknown} choose
 * @param {boolean} [filters]  whether it hides runs
 */
function choice(label, value, options, choose, filters = true) {
  return html`<span class="select">
    <select
      aria-label=${label}
      class=${value && filters ? "in-use" : ""}
      @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}
    >
      ${options.map(([one, text]) => html`<option value=${one} .selected=${one === value}>${text}</option>`)}
    </select>
  </span>`;
}
