/** The dialog with the table of all runs: search, filters, the table itself, and what is done to selected runs. */

import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { signal } from "@preact/signals-core";
import { openRun } from "../state/actions.js";
import { groupList, groupShown } from "../state/groups.js";
import { runList } from "../state/run-list.js";
import { PAGE } from "../state/run-pages.js";
import { shown } from "../state/shown.js";
import { sentences } from "../stream/api-error.js";
import { openDialog } from "./dialog.js";
import { listOfGroups } from "./group-list.js";
import { openNewGroup } from "./new-group.js";
import { mountNotices } from "./notices.js";
import { columns } from "./run-columns.js";
import { runFilters } from "./run-filters.js";
import { active, editing, focusSoon, row, saveEditing, startEditing } from "./run-rows.js";
import { asked, selectionBar } from "./run-selection-bar.js";

/** The next page is requested when the end of the list is this near. */
const NEAR_END = 400; // px

/** What the dialog lists. @type {import("@preact/signals-core").Signal<"runs" | "groups">} */
const listed = signal("runs");
/** @type {["runs" | "groups", string][]} */
const LISTS = [["runs", "Runs"], ["groups", "Groups"]];

export function openRunTable() {
  const said = document.createElement("div");
  said.className = "table-notices";
  said.setAttribute("role", "status");
  const quiet = mountNotices(said);
  active.value = shown.run.value?.id ?? "";
  void runList.open();
  void groupList.open();
  openDialog(
    "All runs",
    (close) => {
      const focused = document.activeElement;
      queueMicrotask(() => keepFocus(focused));
      return html`<div class="run-table" @keydown=${(/** @type {KeyboardEvent} */ event) => keyed(event)}>
        ${lists(close)}
        ${listed.value === "groups"
          ? listOfGroups((id) => {
              close();
              groupShown.value = id;
            })
          : html`${runFilters()} ${selectionBar()} ${scroller(close)}`}
        ${said}
      </div>`;
    },
    () => {
      quiet();
      saveEditing();
      runList.close();
      groupList.close();
      asked.value = "";
    },
  );
}

/** Chooses between runs and groups, and makes a group of the run on the page. @param {() => void} close */
function lists(close) {
  const compare = () => {
    close();
    openNewGroup();
  };
  return html`<div class="run-lists">
    <div class="segmented" role="group" aria-label="List">
      ${LISTS.map(
        ([name, label]) => html`<button
          type="button"
          aria-pressed=${listed.value === name ? "true" : "false"}
          @click=${() => (listed.value = name)}
        >
          ${label}
        </button>`,
      )}
    </div>
    <button class="button small" type="button" data-tip="Train the run on the page with several values" ?disabled=${!shown.run.value} @click=${compare}>
      Compare values…
    </button>
  </div>`;
}

/** A row that moves to another place, or goes, takes the focus along: it is put back. @param {Element | null} before */
function keepFocus(before) {
  const dialog = document.querySelector("dialog:has(.run-table)");
  const inside = document.activeElement !== dialog && dialog?.contains(document.activeElement);
  if (!dialog || inside || !before || !(before instanceof HTMLElement)) return;
  if (before.isConnected && dialog.contains(before) && before !== dialog) before.focus({ preventScroll: true });
  else /** @type {HTMLElement | null} */ (dialog.querySelector('.open-run[tabindex="0"], .run-search, .group-card'))?.focus({ preventScroll: true });
}

/** @param {() => void} close */
function scroller(close) {
  const { runs, problem, busy, next } = runList;
  const all = runs.value;
  if (!all) {
    return problem.value
      ? html`<div class="run-none" role="alert">
          <p>${sentences(problem.value)}</p>
          <button class="button" type="button" @click=${() => void runList.refresh()}>Try again</button>
        </div>`
      : html`<p class="run-none caption" role="status">Loading the runs of this server…</p>`;
  }
  if (!all.length && !busy.value) return nobody();
  const focusable = all.some(({ id }) => id === active.value) ? active.value : (all[0]?.id ?? "");
  const able = all.filter(runList.commands).length;
  const selected = runList.selection.value.length;
  const open = (/** @type {string} */ id) => {
    close();
    void openRun(id);
  };
  return html`<div class="run-scroll" aria-busy=${busy.value === "query" ? "true" : "false"} @scroll=${nearEnd}>
    <table role="table" aria-label="All runs">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" class="select-cell">
            <label>
              <input
                type="checkbox"
                aria-label="Select all runs in the list"
                .checked=${able > 0 && selected === able}
                .indeterminate=${selected > 0 && selected < able}
                ?disabled=${!able}
                @change=${() => runList.toggleAll()}
              />
            </label>
          </th>
          ${columns().map(heading)}
          <th role="columnheader" class="pin-cell">Keep</th>
        </tr>
      </thead>
      <tbody
        role="rowgroup"
        @click=${(/** @type {MouseEvent} */ event) => pressed(event, open)}
        @focusin=${(/** @type {FocusEvent} */ event) => (active.value = rowOf(event)?.dataset["id"] ?? active.value)}
      >
        ${repeat(all, ({ id }) => id, (run) => row(run, focusable))}
      </tbody>
    </table>
    ${next.value
      ? html`<button class="button more-runs" type="button" ?disabled=${busy.value === "page"} @click=${() => void runList.more()}>
          ${busy.value === "page" ? "Loading…" : `Load ${Math.min(PAGE, runList.total.value - all.length)} more of ${(runList.total.value - all.length).toLocaleString("en")}`}
        </button>`
      : nothing}
  </div>`;
}

function nobody() {
  return runList.isFiltered.value
    ? html`<p class="run-none caption">No run matches. Fewer filters find more.</p>`
    : html`<p class="run-none caption">There is no run on this server yet.</p>`;
}

/** @param {import("./run-columns.js").Column} column */
function heading({ name, label, order, first = "" }) {
  const now = runList.order.value;
  const sorted = order !== undefined && now.replace("-", "") === order;
  const descending = now.startsWith("-");
  const press = () => {
    const flipped = descending ? "" : "-";
    void runList.sort(`${sorted ? flipped : first}${order}`);
  };
  return html`<th
    role="columnheader"
    class="${name}-cell"
    aria-sort=${order === undefined ? nothing : sorted ? (descending ? "descending" : "ascending") : "none"}
  >
    ${order === undefined ? label : html`<button type="button" class="sort" @click=${press}>${label}</button>`}
  </th>`;
}

/** @param {Event} event */
const rowOf = (event) =>
  /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".run-row"));

/** A press on a row opens its run, unless it was on a control or selected text. @param {MouseEvent} event @param {(id: string) => void} open */
function pressed(event, open) {
  const target = /** @type {Element} */ (event.target);
  const control = target.closest("button, input, label, form");
  if (control && !control.matches(".open-run")) return;
  if (!control && String(getSelection())) return;
  const id = rowOf(event)?.dataset["id"];
  if (id) open(id);
}

/** @param {Event} event */
function nearEnd(event) {
  const { scrollTop, clientHeight, scrollHeight } = /** @type {HTMLElement} */ (event.currentTarget);
  if (scrollTop > 0 && scrollHeight - scrollTop - clientHeight < NEAR_END) void runList.more();
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Escape" && (editing.value || asked.value)) {
    event.preventDefault(); // of the dialog, which stays
    const id = editing.value?.id;
    editing.value = null;
    asked.value = "";
    if (id) focusSoon(`[data-id="${CSS.escape(id)}"] .open-run`);
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (target.matches(".run-search") && event.key === "ArrowDown") {
    event.preventDefault();
    focusSoon('.open-run[tabindex="0"]');
    return;
  }
  const at = rowOf(event);
  if (!at || target.matches('input:not([type="checkbox"])')) return;
  if (event.key === "F2") {
    const run = runList.runs.value?.find(({ id }) => id === at.dataset["id"]);
    if (run && runList.commands(run)) startEditing(run);
    return;
  }
  const other = rowFor(event.key, at);
  if (!other) return;
  event.preventDefault();
  const kind = [...target.classList].at(-1);
  const control = kind ? other.querySelector(`.${kind}`) : null;
  const next = /** @type {HTMLElement | null} */ (control ?? other.querySelector(".open-run"));
  next?.focus();
  other.scrollIntoView({ block: "nearest" });
}

/** The row that a key leads to. @param {string} key @param {HTMLElement} from */
function rowFor(key, from) {
  const all = /** @type {HTMLElement[]} */ ([...(from.parentElement?.querySelectorAll(".run-row") ?? [])]);
  const at = all.indexOf(from);
  const far = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -at, End: all.length - 1 - at }[key];
  return far === undefined ? null : (all[Math.min(all.length - 1, Math.max(0, at + far))] ?? null);
}

