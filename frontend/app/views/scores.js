/** The output panel of any family in numbers: the scores of the run at the viewed step. */

import { effect } from "@preact/signals-core";
import { element } from "../panels/element.js";
import { FactsRow } from "../panels/facts-row.js";
import { scoreFacts } from "../panels/scores.js";

/**
 * @param {HTMLElement} host
 * @param {import("../panels/context.js").Context} context
 * @returns {() => void}
 */
export function mountScores(host, context) {
  const facts = new FactsRow();
  host.append(element("header", { class: "panel-head" }, element("h2", {}, "Test examples")), facts.element);
  return effect(() => facts.show(scoreFacts(context)));
}
