/** The table of a group: a row for each run, sorted by any column. */

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { shown } from "../state/shown.js";
import { statusWord } from "../state/statuses.js";

/**
 * @typedef {import("../panels/group-metrics.js").NamedMetric} NamedMetric
 * @typedef {import("../panels/group-plot.js").Varied} Varied
 * @typedef {import("../types/api.js").GroupRun} GroupRun
 * @typedef {import("../types/api.js").GroupTable} GroupTable
 * @typedef {{id: string, values: {text: string, rank: number}[], seed: number, status: string, step: number, metrics: (number | null)[]}} Row
 *   `rank` is a value's place among those of its field; a run that diverged has no metrics
 * @typedef {{name: string, label: string, rank: (row: Row) => number | string | null, cell: (row: Row) => unknown}} Column
 */

const STATUSES = ["finished", "running", "queued", "paused", "diverged", "stopped", "failed"];
/** The most metrics with a column. */
const MOST = 3;

/**
 * @param {GroupTable} table
 * @param {GroupRun[]} runs  of the summary
 * @param {Varied[]} fields
 * @param {NamedMetric[]} metrics
 * @returns {Row[]}
 */
export function rowsOf(table, runs, fields, metrics) {
  const at = new Map(table.columns.map((name, index) => [name, index]));
  const errors = new Map(runs.map(({ run, error }) => [run, error]));
  return table.rows.map((row) => {
    const cell = (/** @type {string} */ name) => row[at.get(name) ?? -1] ?? null;
    const id = String(cell("run"));
    const diverged = errors.get(id) === "diverged";
    return {
      id,
      values: fields.map(({ path, values, texts }) => {
        const rank = values.findIndex((one) => JSON.stringify(one) === JSON.stringify(cell(path)));
        return { rank, text: texts[rank] ?? "" };
      }),
      seed: Number(cell("seed")),
      status: diverged ? "diverged" : String(cell("status")),
      step: Number(cell("step")),
      metrics: metrics.map(({ name }) => {
        const value = cell(name);
        return typeof value === "number" && !diverged ? value : null;
      }),
    };
  });
}

/**
 * The metrics with a column: the compared one, and those that come first.
 * @param {NamedMetric[]} metrics @param {string} compared
 */
export const shownMetrics = (metrics, compared) =>
  [...metrics.filter(({ name }) => name === compared), ...metrics.filter(({ name }) => name !== compared)].slice(0, MOST);

/** Rows in the order of a column; those without a value come last. @param {Row[]} rows @param {Column | undefined} column @param {boolean} descending */
export function sorted(rows, column, descending) {
  if (!column) return rows;
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [first, second] = [column.rank(a), column.rank(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return first === second ? 0 : sign * (first < second ? -1 : 1);
  });
}

/** @param {Varied[]} fields @param {NamedMetric[]} metrics @returns {Column[]} */
export function columnsOf(fields, metrics) {
  return [
    ...fields.map(({ label, path }, i) => ({
      name: path, label, rank: (/** @type {Row} */ row) => row.values[i]?.rank ?? null,
      cell: (/** @type {Row} */ row) => row.values[i]?.text,
    })),
    { name: "seed", label: "Seed", rank: ({ seed }) => seed, cell: ({ seed }) => seed },
    {
      name: "status", label: "Status", rank: ({ status }) => STATUSES.indexOf(status),
      cell: ({ status }) =>
        html`<span class="run-status ${status === "diverged" ? "failed" : status}">${statusWord(status)}</span>`,
    },
    { name: "step", label: "Step", rank: ({ step }) => step, cell: ({ step }) => step.toLocaleString("en") },
    ...metrics.map(({ name, label, format }, i) => ({
      name, label, rank: (/** @type {Row} */ row) => row.metrics[i] ?? null,
      cell: (/** @type {Row} */ row) => format(row.metrics[i] ?? NaN),
    })),
  ]; // prettier-ignore
}

export class GroupRows {
  /** The column that the rows are sorted by; "" is the order of the grid. */
  #by = signal("");
  #descending = signal(false);

  /**
   * @param {Row[]} rows
   * @param {Varied[]} fields
   * @param {NamedMetric[]} metrics
   * @param {(run: string) => void} open
   */
  show(rows, fields, metrics, open) {
    const columns = columnsOf(fields, metrics);
    const by = columns.find(({ name }) => name === this.#by.value);
    return html`<table role="table" aria-label="Runs of the group" class="group-table">
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => this.#heading(column, column === by))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${repeat(sorted(rows, by, this.#descending.value), ({ id }) => id, (row) => line(row, columns, open))}
      </tbody>
    </table>`;
  }

  /** @param {Column} column @param {boolean} chosen */
  #heading({ name, label }, chosen) {
    const descending = this.#descending.value;
    const press = () => {
      this.#descending.value = chosen && !descending;
      this.#by.value = name;
    };
    return html`<th role="columnheader" class=${isText(name) ? "text-cell" : ""} aria-sort=${chosen ? (descending ? "descending" : "ascending") : "none"}>
      <button type="button" class="sort" @click=${press}>${label}</button>
    </th>`;
  }
}

/** Columns of words, which begin at the left; numbers end at the right. @param {string} name */
const isText = (name) => name === "status" || name.includes(".");

/** @param {Row} row @param {Column[]} columns @param {(run: string) => void} open */
function line(row, columns, open) {
  const called = [...columns.slice(0, row.values.length).map(({ label }, i) => `${label} ${row.values[i]?.text}`), `seed ${row.seed}`];
  const press = (/** @type {MouseEvent} */ event) => {
    const control = /** @type {Element} */ (event.target).closest("button");
    if (control || !String(getSelection())) open(row.id);
  };
  return html`<tr role="row" class="group-row" data-id=${row.id} aria-current=${shown.run.value?.id === row.id ? "true" : nothing} @click=${press}>
    ${columns.map(
      (column, i) => html`<td role="cell" class=${isText(column.name) ? "text-cell" : "number"}>
        ${i === 0
          ? html`<button type="button" class="open-run" aria-label="Open the run with ${called.join(", ")}">${column.cell(row)}</button>`
          : column.cell(row)}
      </td>`,
    )}
  </tr>`;
}
