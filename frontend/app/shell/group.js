/** The dialog of a group of runs: how far they are, a chart of a metric, and a table of the runs. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { metricOf, offered } from "../panels/group-metrics.js";
import { groupPlot, hasEnded, missingWords } from "../panels/group-plot.js";
import { openRun } from "../state/actions.js";
import { groupFields, valueText } from "../state/group-fields.js";
import { GroupView, groupShown, progressWords } from "../state/groups.js";
import { catalogue } from "../state/store.js";
import { api } from "../stream/api.js";
import { sentences } from "../stream/api-error.js";
import { openDialog } from "./dialog.js";
import { GroupChart } from "./group-chart.js";
import { GroupRows, rowsOf, shownMetrics } from "./group-table.js";
import { mountNotices } from "./notices.js";

/**
 * @typedef {import("../panels/group-plot.js").Varied} Varied
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").GroupDocument} GroupDocument
 */

/** Shows the group that is chosen, whoever has chosen it. @returns {() => void} */
export function mountGroup() {
  /** @type {{id: string, close: () => void} | null} */
  let open = null;
  return effect(() => {
    const id = groupShown.value;
    if (open?.id === id) return;
    open?.close();
    open = null;
    if (id) queueMicrotask(() => groupShown.value === id && (open = { id, close: openGroup(id) }));
  });
}

/** @param {string} id */
function openGroup(id) {
  const view = new GroupView(id);
  const rows = new GroupRows();
  const asked = signal(false);
  /** The number of the field along the axis. */
  const along = signal(0);
  const said = document.createElement("div");
  said.className = "table-notices";
  said.setAttribute("role", "status");
  const quiet = mountNotices(said);
  const open = (/** @type {string} */ run) => {
    groupShown.value = null;
    void openRun(run);
  };
  const chart = new GroupChart(open);
  const stop = effect(() => drawChart(view, along.value, chart));
  void view.refresh();
  return openDialog(
    () => view.group.value?.name ?? "Group of runs",
    () => html`<div class="group-view form">${content(view, { rows, asked, along, chart, open })} ${said}</div>`,
    () => {
      stop();
      quiet();
      view.close();
      chart.close();
      if (groupShown.value === id) groupShown.value = null;
    },
    { onTitle: true, escaped: () => asked.value && keep(asked) },
  );
}

/**
 * @param {GroupView} view
 * @param {{
 *   rows: GroupRows, asked: import("@preact/signals-core").Signal<boolean>,
 *   along: import("@preact/signals-core").Signal<number>, chart: GroupChart, open: (run: string) => void,
 * }} parts
 */
function content(view, { rows, asked, along, chart, open }) {
  const { group, summary, table, problem } = view;
  const known = catalogue.value;
  if (problem.value?.code === "no_such_address") {
    return html`<p class="run-none caption" role="alert">${sentences(problem.value)}</p>`;
  }
  if (problem.value?.code === "unknown_group") {
    return html`<p class="run-none caption" role="status">
      This group is not on this server. It was deleted, or the server deleted its runs because nobody had used them for long.
    </p>`;
  }
  if (!group.value || !summary.value || !table.value || !known) {
    return problem.value
      ? html`<div class="run-none" role="alert">
          <p>${sentences(problem.value)}</p>
          <button class="button" type="button" @click=${() => void view.refresh()}>Try again</button>
        </div>`
      : html`<p class="run-none caption" role="status">Loading the group…</p>`;
  }
  const fields = variedOf(known, group.value);
  const metrics = offered(summary.value.metrics, fields.map(({ path }) => path)).map(metricOf);
  const columns = shownMetrics(metrics, summary.value.metric);
  return html`${bar(view, asked)}
    <div class="group-parts">
      <section class="group-comparison" aria-label="Comparison">
        ${choices(view, metrics, fields, along)} ${chart.element}
        <p class="caption group-explains">${explanation(view)}</p>
      </section>
      <section class="group-runs" aria-label="Runs" tabindex="-1">
        ${rows.show(rowsOf(table.value, view.runs.value, fields, columns), fields, columns, open)}
      </section>
    </div>`;
}

/** @param {GroupView} view @param {number} along @param {GroupChart} chart */
function drawChart(view, along, chart) {
  const { group, summary } = view;
  if (!group.value || !summary.value || !catalogue.value) return;
  const fields = variedOf(catalogue.value, group.value);
  const across = fields[along] ?? null;
  const lines = fields[1 - along] ?? null;
  const metric = metricOf(summary.value.metric);
  chart.show({ ...groupPlot(summary.value.places, across, lines, metric), across, lines, metric });
}

/** The fields of a group with their labels, as in the settings. @param {Catalogue} catalogue @param {GroupDocument} group @returns {Varied[]} */
export function variedOf(catalogue, { vary, spec }) {
  // The labels are those of the spec as it was given; its defaults are enough to find them.
  /** @type {import("../state/run-state.js").Written} */
  const filled = { ...catalogue.default };
  for (const [section, value] of Object.entries(spec)) {
    const given = typeof value === "string" ? { kind: value } : value;
    filled[section] = typeof given === "object" && given !== null ? { ...filled[section], ...given } : given;
  }
  const known = groupFields(catalogue, /** @type {import("../types/api.js").Spec} */ (filled));
  return vary.map(({ path, values }) => {
    const field = known.find((one) => one.path === path) ?? null;
    return { path, values, label: field?.label ?? path, texts: values.map((value) => valueText(field, value)) };
  });
}

/** How far the runs are, and what can be done to all of them. @param {GroupView} view @param {import("@preact/signals-core").Signal<boolean>} asked */
function bar(view, asked) {
  const { training, waiting, paused, finished, diverged, stopped, all } = view.counts.value;
  const mine = view.commands.value;
  if (asked.value) return question(view, asked);
  return html`<div class="run-bar group-bar">
    <span role="status">${progressWords(view.counts.value)}</span>
    <progress aria-label="Ended runs" max=${Math.max(1, all)} value=${finished + diverged + stopped}></progress>
    ${view.problem.value ? html`<span class="problem" role="alert">${sentences(view.problem.value)}</span>` : nothing}
    <span class="run-actions">
      ${mine && training + waiting
        ? html`<button class="button small" type="button" @click=${() => void view.pause()}>Pause all</button>`
        : nothing}
      ${mine && paused
        ? html`<button class="button small" type="button" @click=${() => void view.resume()}>Resume all</button>`
        : nothing}
      <a class="button small" href=${api.groupTableUrl(view.id)} download>Download CSV</a>
      ${mine
        ? html`<button class="button small danger" type="button" @click=${() => ask(asked)}>Delete…</button>`
        : nothing}
    </span>
  </div>`;
}

/** Answers the question of a deletion with no. @param {import("@preact/signals-core").Signal<boolean>} asked @returns {true} */
function keep(asked) {
  asked.value = false;
  focusSoon(".danger");
  return true;
}

/** @param {import("@preact/signals-core").Signal<boolean>} asked */
function ask(asked) {
  asked.value = true;
  focusSoon(".keep-group");
}

/** Moves the focus to an element that is about to be drawn. @param {string} selector */
function focusSoon(selector) {
  queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`.group-view ${selector}`))?.focus());
}

/** @param {GroupView} view @param {import("@preact/signals-core").Signal<boolean>} asked */
function question(view, asked) {
  const { all } = view.counts.value;
  const remove = async () => {
    asked.value = false;
    if (await view.remove()) groupShown.value = null;
  };
  return html`<div class="run-bar chosen" role="group" aria-label="Deletion">
    <span>Delete the group and ${all === 1 ? "its run" : `its ${all.toLocaleString("en")} runs`}? This cannot be undone.</span>
    <span class="run-actions">
      <button class="button small danger" type="button" @click=${remove}>Delete them</button>
      <button class="button small keep-group" type="button" @click=${() => keep(asked)}>Keep them</button>
    </span>
  </div>`;
}

/**
 * @param {GroupView} view
 * @param {import("../panels/group-metrics.js").NamedMetric[]} metrics
 * @param {Varied[]} fields
 * @param {import("@preact/signals-core").Signal<number>} along
 */
function choices(view, metrics, fields, along) {
  const now = view.chosen.value || view.summary.value?.metric || "";
  const all = metrics.some(({ name }) => name === now) ? metrics : [metricOf(now), ...metrics];
  const value = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.currentTarget).value;
  return html`<div class="group-choices">
    <label>
      Metric
      <span class="select">
        <select @change=${(/** @type {Event} */ event) => void view.compare(value(event))}>
          ${all.map(({ name, label }) => html`<option value=${name} .selected=${name === now}>${label}</option>`)}
        </select>
      </span>
    </label>
    ${fields.length > 1
      ? html`<label>
          against
          <span class="select">
            <select @change=${(/** @type {Event} */ event) => (along.value = Number(value(event)))}>
              ${fields.map(({ label }, i) => html`<option value=${i} .selected=${i === along.value}>${label}</option>`)}
            </select>
          </span>
        </label>`
      : nothing}
  </div>`;
}

/** What the marks of the chart mean, and which runs are missing. @param {GroupView} view */
function explanation(view) {
  const { never, later } = missingWords(view.summary.value?.places ?? []);
  const seeds = view.group.value?.seeds.length ?? 1;
  const means =
    seeds > 1
      ? `Large points: mean over ${seeds} seeds, ± one standard deviation. Small points: single runs.`
      : "Points: one run each.";
  const hollow = view.runs.value.every(hasEnded) ? "" : "Hollow: not finished.";
  return html`${means} ${hollow} ${later ? `${later}.` : ""}
  ${never ? html`<strong class="group-missing">${never}.</strong>` : nothing}`;
}
