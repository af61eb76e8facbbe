/** The right-hand panel of autoencoders: the decoded code, and the information of each of its numbers. */

import { effect } from "@preact/signals-core";
import { format } from "../../marks/scales.js";
import { metric, ofStep, specOf } from "../../panels/context.js";
import { element, setText } from "../../panels/element.js";
import { FactsRow } from "../../panels/facts-row.js";
import { Incomplete } from "../../panels/incomplete.js";
import { PictureView } from "../../panels/picture.js";
import { chooseCode, setCodePosition, resetCode, latentCode } from "./latent-point.js";
import { LatentSliders } from "./latent-sliders.js";
import { collapseText } from "./collapse.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../panels/facts-row.js").Fact} Fact */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

const IMAGE_HEIGHT = 148;
/** Pictures a second for pictures that change with the training alone. */
const SLOW_FPS = 8;

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
  const words = element("p", { class: "vae-summary", role: "status", hidden: true });
  const code = new FactsRow();
  const decoded = element("div", { class: "vae-decoded" });
  host.append(
    element("header", { class: "panel-head" }, element("h2", {}, title), note),
    scores.element,
    words,
    decoded,
    code.element,
  );
  /** @type {LatentSliders | null} */
  let sliders = null;
  const image = new PictureView(decoded, context, {
    id: "decode",
    probe: "decode",
    options: latentCode.peek(),
    fps: 30,
    height: IMAGE_HEIGHT,
    legend: false,
    facts: false,
    onPaint: ({ facts }) => {
      setCodePosition(facts["point"]);
      code.show(codeFacts(facts));
      if (isRequested(latentCode.peek(), facts)) sliders?.show(facts);
    },
    arrange: (picture) => ({ ...picture, plots: withTitles(picture.plots, variational || sliders !== null) }),
  });
  let active = "";
  /** @param {Picture} picture of the KL by dimension */
  const onKl = ({ step, plots, facts }) => {
    const [mark] = plots[0]?.marks ?? [];
    const kl = mark?.kind === "bars" ? mark.values.data : new Float32Array();
    active = `${facts["active"]} of ${facts["dimensions"]}`;
    const collapsed = Array.isArray(facts["collapsed"]) ? facts["collapsed"].map(Number) : [];
    setText(words, step > 0 ? collapseText(kl, collapsed, Number(facts["dimensions"])) : "");
    words.hidden = words.textContent === "";
    sliders?.setKl(kl, collapsed);
    draw();
  };

  function draw() {
    scores.show(variational ? elboFacts(context, active) : plainFacts(context));
  }

  /** The part beside the image depends on the dimensions: two are dragged, more have sliders. */
  let removeBeside = () => {};
  let width = 0;
  /** @param {number} latent */
  function arrange(latent) {
    if (latent === width) return;
    width = latent;
    removeBeside();
    sliders = latent > 2 ? new LatentSliders(chooseCode) : null;
    decoded.classList.toggle("pair", !variational && !sliders);
    removeBeside = variational ? mountKl(decoded, context, sliders, onKl) : () => sliders?.element.remove();
    if (sliders) decoded.append(sliders.element);
    if (image.picture) sliders?.show(image.picture.facts);
  }

  let run = context.state.run.peek()?.id;
  const stops = [
    effect(() => {
      const spec = specOf(context);
      if (spec && "latent" in spec.model) arrange(Number(spec.model.latent));
      if (context.state.run.value?.id === run) return;
      run = context.state.run.value?.id;
      resetCode();
    }),
    effect(() => image.set(latentCode.value)),
    effect(draw),
  ];
  return () => {
    for (const stop of stops) stop();
    image.close();
    removeBeside();
  };
}

/**
 * The KL of each dimension: beside its slider, or as bars.
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {LatentSliders | null} sliders
 * @param {(picture: Picture) => void} onKl
 * @returns {() => void} removes it
 */
function mountKl(host, context, sliders, onKl) {
  if (!sliders) {
    const order = { id: "kl", probe: "kl", fps: SLOW_FPS, height: IMAGE_HEIGHT, legend: false, facts: false };
    const bars = new PictureView(host, context, { ...order, facts: false, onPaint: onKl });
    return () => bars.close();
  }
  const incomplete = new Incomplete();
  sliders.element.append(incomplete.element);
  const watch = context.pictures.watch({
    id: "kl",
    probe: "kl",
    fps: SLOW_FPS,
    host: sliders.element,
    paint(picture) {
      incomplete.show(picture.facts);
      onKl(picture);
    },
  });
  return () => {
    watch.close();
    sliders.element.remove();
  };
}

/**
 * Whether a picture is of the last requested code: during dragging, older ones still arrive.
 * @param {{z: number[] | null}} requested
 * @param {Facts} facts
 */
function isRequested({ z }, facts) {
  const shown = facts["z"];
  return !z || (Array.isArray(shown) && z.every((value, i) => Math.abs(value - Number(shown[i])) < 1e-3));
}

/**
 * The decoded code, and the image nearest to it if nothing else is beside it.
 * @param {import("../../types/pictures.js").Plot[]} plots
 * @param {boolean} alone
 */
function withTitles([decoded, nearest], alone) {
  if (!decoded) return [];
  const first = { ...decoded, title: "Decoded", note: "x̂ of z" };
  return nearest && !alone ? [first, { ...nearest, title: "Nearest" }] : [first];
}

/**
 * @param {Context} context
 * @param {string} active dimensions
 * @returns {Fact[]}
 */
function elboFacts(context, active) {
  return [
    score(context, "ELBO", "test_elbo"),
    score(context, "Recon.", "test_reconstruction"),
    score(context, "KL", "test_kl"),
    { label: "Active dims", value: active || "–", tip: "Dimensions whose KL is above 0.05 nats." },
  ];
}

/**
 * @param {Context} context
 * @returns {Fact[]}
 */
function plainFacts(context) {
  return [
    score(context, "Test −log p", "test_loss"),
    score(context, "Train −log p", "train_loss"),
    score(context, "Test MSE", "test_mse"),
  ];
}

/** @param {Context} context @param {string} label @param {string} name @returns {Fact} */
const score = (context, label, name) => ({ ...fact(label, metric(context, name)), ...ofStep(context) });

/**
 * @param {Facts} facts of the decoded point
 * @returns {Fact[]}
 */
function codeFacts(facts) {
  const { z, distance, log_prior: prior } = facts;
  const two = Array.isArray(z) && z.length === 2;
  const shown = two ? z.map((value) => Number(value).toFixed(2)).join(", ") : "";
  return [
    ...(two ? [{ label: "Its code z", value: shown.replaceAll("-", "−") }] : []),
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
