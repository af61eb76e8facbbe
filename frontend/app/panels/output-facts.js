/** Chooses the numbers below the output. */

import { count, percent, short } from "../marks/scales.js";
import { metric, ofStep } from "./context.js";
import { boundFact, regionsFact } from "./region-facts.js";

/**
 * @param {import("./context.js").Context} context
 * @param {import("../types/pictures.js").Facts | null} regions what the regions probe counted
 * @returns {import("./facts-row.js").Fact[]}
 */
export function outputFacts(context, regions) {
  const real = metric(context, "train_r2") !== null || metric(context, "test_r2") !== null;
  const noun = real ? "R²" : "accuracy";
  const write = real ? short : percent;
  const test = metric(context, real ? "test_r2" : "test_accuracy");
  const train = metric(context, real ? "train_r2" : "train_accuracy");
  const of = ofStep(context);
  /** @type {import("./facts-row.js").Fact[]} */
  const facts = test === null ? [] : [{ label: `Test ${noun}`, value: write(test), ...of }];
  // Three numbers and the cursor's fit; the count of regions replaces the training metric.
  if (test === null || !regions) facts.push({ label: `Train ${noun}`, value: write(train), ...of });
  if (regions) facts.push(regionsFact(regions), boundFact(regions));
  else facts.push({ label: "Parameters", value: count(context.state.run.value?.parameters) });
  return facts;
}
