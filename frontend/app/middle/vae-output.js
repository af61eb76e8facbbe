/** The right-hand panel of autoencoders: the decoded point, and how much each dimension says. */

import { effect } from "@preact/signals-core";
import { format } from "../marks/scales.js";
import { metric } from "../panels/context.js";
import { element } from "../panels/element.js";
import { FactsRow } from "../panels/facts.js";
import { PictureView } from "../panels/picture.js";
import { latentPoint } from "./latent-point.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../panels/facts.js").Fact} Fact */
/** @typedef {import("../types/pictures.js").Facts} Facts */

const IMAGE = 148;
const BARS = 148;

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mount(host, context) {
  const variational = context.state.run.peek()?.spec.model.kind === "vae";
  const title = variational ? "Evidence lower bound" : "Reconstruction error";
  const note = element("span", { class: "caption" }, "test images, nats each");
  const scores = new FactsRow();
  const code = new FactsRow();
  const decoded = element("div", { class: variational ? "vae-decoded" : "vae-decoded pair" });
  host.append(
    element("header", { class: "panel-head" }, element("h2", {}, title), note),
    scores.element,
    decoded,
    code.element,
  );

  const point = latentPoint.peek();
  const image = new PictureView(decoded, context, {
    id: "decode",
    probe: "decode",
    options: { point: [point.x, point.y] },
    fps: 30,
    height: IMAGE,
    legend: false,
    facts: false,
    onPaint: ({ facts }) => code.show(codeFacts(facts)),
    arrange: (picture) => ({ ...picture, plots: titled(picture.plots, variational) }),
  });
  /** @type {string} */
  let active = "";
  const kl = variational
    ? new PictureView(decoded, context, {
        id: "kl",
        probe: "kl",
        fps: 8,
        height: BARS,
        legend: false,
        facts: false,
        onPaint: ({ facts }) => {
          active = `${facts["active"]} of ${facts["dimensions"]}`;
          draw();
        },
      })
    : null;

  function draw() {
    scores.show(variational ? elboFacts(context, active) : plainFacts(context));
  }

  const stops = [
    effect(() => image.set({ point: [latentPoint.value.x, latentPoint.value.y] })),
    effect(draw),
  ];
  return () => {
    for (const stop of stops) stop();
    image.close();
    kl?.close();
  };
}

/**
 * The decoded point, and the image nearest to it where nothing else stands beside it.
 * @param {import("../types/pictures.js").Plot[]} plots
 * @param {boolean} alone
 */
function titled([decoded, nearest], alone) {
  if (!decoded) return [];
  const first = { ...decoded, title: "Dragged point", note: "decoded" };
  return nearest && !alone ? [first, nearest] : [first];
}

/**
 * @param {Context} context
 * @param {string} active dimensions
 * @returns {Fact[]}
 */
function elboFacts(context, active) {
  return [
    fact("ELBO", metric(context, "test_elbo")),
    fact("Reconstruction", metric(context, "test_reconstruction")),
    fact("KL", metric(context, "test_kl")),
    { label: "Active dims", value: active || "–", tip: "Dimensions whose μ varies from image to image." },
  ];
}

/**
 * @param {Context} context
 * @returns {Fact[]}
 */
function plainFacts(context) {
  return [
    fact("Test −log p", metric(context, "test_loss")),
    fact("Train −log p", metric(context, "train_loss")),
    fact("Test MSE", metric(context, "test_mse")),
  ];
}

/**
 * @param {Facts} facts of the decoded point
 * @returns {Fact[]}
 */
function codeFacts(facts) {
  const { z, distance, log_prior: prior } = facts;
  const shown = Array.isArray(z) ? z.slice(0, 2).map((value) => Number(value).toFixed(2)) : [];
  const more = Array.isArray(z) && z.length > 2 ? ", …" : "";
  return [
    { label: "Its code z", value: `${shown.join(", ")}${more}`.replaceAll("-", "−") },
    { label: "Nearest image", value: String(facts["nearest"] ?? "–") },
    fact("Distance", typeof distance === "number" ? distance : null),
    ...(typeof prior === "number" ? [fact("log p(z)", prior)] : []),
  ];
}

/**
 * @param {string} label
 * @param {number | null} value
 * @returns {Fact}
 */
const fact = (label, value) => ({ label, value: value === null ? "–" : format(value) });
