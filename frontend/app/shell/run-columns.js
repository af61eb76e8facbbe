/** The columns of the table of all runs, and the orders that they offer. */

import { isShared } from "./run-rows.js";

/** @typedef {{name: string, label: string, order?: string, first?: "" | "-", sort?: string}} Column  `first` is the order of the first press, `sort` its name in a list of orders */

/** @type {Column[]} */
const ALL = [
  { name: "curve", label: "Loss curve" },
  { name: "name", label: "Name", order: "name", first: "", sort: "Name" },
  { name: "owner", label: "Owner" },
  { name: "status", label: "Status", order: "status", first: "", sort: "Status" },
  { name: "kind", label: "Data, model" },
  { name: "changes", label: "Differs from the default" },
  { name: "step", label: "Step", order: "step", first: "-", sort: "Most steps" },
  { name: "loss", label: "Loss", order: "metrics.test_loss", first: "", sort: "Least test loss" },
  { name: "accuracy", label: "Accuracy", order: "metrics.test_accuracy", first: "-", sort: "Greatest test accuracy" },
  { name: "created", label: "Created", order: "created_at", first: "-", sort: "Newest" },
  { name: "seconds", label: "Trained", order: "seconds", first: "-", sort: "Trained longest" },
];

/** Those of this server: without other people's runs there are no owners. */
export const columns = () => ALL.filter(({ name }) => name !== "owner" || isShared());

/** The orders of a list without a head to press. @returns {[order: string, label: string][]} */
export const orders = () =>
  ALL.flatMap(({ order, first = "", sort = "" }) => (order ? [[`${first}${order}`, sort]] : []));
