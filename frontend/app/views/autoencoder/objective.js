/** The line below an autoencoder: its objective, with this run's numbers. */

import { effect } from "@preact/signals-core";
import { format } from "../../marks/scales.js";
import { FormulaBar } from "../../network/formula-bar.js";
import { metric, objectiveOf, ofStep, specOf } from "../../panels/context.js";

/** @typedef {import("../../panels/context.js").Context} Context */

const ELBO = String.raw`\mathrm{ELBO}=\mathbb{E}_{q(z|x)}[\log p(x|z)]-\mathrm{KL}(q(z|x)\,\|\,p(z))`;

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mountObjective(host, context) {
  const bar = new FormulaBar(host);
  return effect(() => {
    const spec = specOf(context);
    if (!spec) return;
    const { model } = spec;
    if (model.kind === "vae") {
      bar.show({ name: "Objective", latex: latexOf(betaOf(model)), facts: elboOf(context, betaOf(model)) });
      return;
    }
    const pixels = objectiveOf(context)?.pixels ?? "";
    const latex = pixels && `-\\log p(x|z)=${pixels},\\ z=g(x)`;
    const loss = metric(context, "test_loss");
    bar.show({ name: "Objective", latex, facts: loss === null ? "" : `${format(loss)} nats${at(context)}` });
  });
}

/** " of step 80", if the numbers are not of the viewed step. @param {Context} context */
function at(context) {
  const { of } = ofStep(context);
  return of ? ` of ${of}` : "";
}

/** @param {object} model */
function betaOf(model) {
  const beta = /** @type {{beta?: unknown}} */ (model).beta;
  return typeof beta === "number" ? beta : 1;
}

/** The maximised objective: the ELBO, or one with another weight on the KL. @param {number} beta */
function latexOf(beta) {
  if (beta === 1) return ELBO;
  return String.raw`\mathbb{E}_{q(z|x)}[\log p(x|z)]-${beta}\,\mathrm{KL}(q(z|x)\,\|\,p(z))`;
}

/**
 * @param {Context} context
 * @param {number} beta
 */
function elboOf(context, beta) {
  const reconstruction = metric(context, "test_reconstruction");
  const kl = metric(context, "test_kl");
  if (reconstruction === null || kl === null) return "";
  const factor = beta === 1 ? "" : `${beta} · `;
  const total = format(reconstruction - beta * kl);
  return `${total} = ${format(reconstruction)} − ${factor}${format(kl)} nats${at(context)}`;
}
