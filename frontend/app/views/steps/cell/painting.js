/** Paints a recurrent cell: its frame, its wires, and the operations on them. */

import { BOX, CIRCLE, cornersOf } from "./layout.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Point} Point */
/** @typedef {import("./reading.js").Cell} Cell */

const SVG = "http://www.w3.org/2000/svg";
/** The head of an arrow. */
const HEAD = { length: 8, half: 4 };

/** @param {string} name @param {{[attribute: string]: string | number}} attributes @param {...(Node | string)} children */
function drawn(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  made.append(...children);
  return made;
}

/** @returns an empty drawing, which `paint` fills */
export const canvas = () => drawn("svg", { class: "steps-cell-drawing", "aria-hidden": "true" });

/** @param {Element} svg @param {Cell} cell @param {Layout} layout */
export function paint(svg, { plan, stateOf, activation }, layout) {
  const { width, height, frame, at } = layout;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const { left: x, top: y } = frame;
  const wires = [...plan.wires].sort((one, other) => rank(stateOf(one.stage)) - rank(stateOf(other.stage)));
  svg.replaceChildren(
    drawn("rect", { class: "frame", x, y, width: frame.width, height: frame.height, rx: 12 }),
    ...wires.map((wire) => wireOf(cornersOf(plan, wire, layout), wire, stateOf(wire.stage))),
    ...plan.joints.map(({ stage, at: place }) => {
      const { x: cx, y: cy } = at(place);
      return drawn("circle", { class: `joint ${stateOf(stage)}`, cx, cy, r: 3.5 });
    }),
    ...plan.boxes.map(({ text, stage, at: place }) => boxOf(at(place), text === "σ(·)" ? activation : text, stateOf(stage))),
    ...plan.circles.map(({ text, stage, at: place }) => circleOf(at(place), text, stateOf(stage))),
  );
}

/** What is computed here lies over the rest. @param {import("./reading.js").State} state */
const rank = (state) => ["later", "known", "now"].indexOf(state);

/** @param {Point[]} corners @param {import("./plans.js").Wire} wire @param {string} state */
function wireOf(corners, { thick = false, arrow = false }, state) {
  const d = corners.map(({ x, y }, i) => `${i ? "L" : "M"}${x} ${y}`).join("");
  const line = drawn("path", { class: "line", d });
  const [before, end] = corners.slice(-2);
  const head = arrow && before && end ? [drawn("path", { class: "head", d: headOf(before, end, thick ? 1.4 : 1) })] : [];
  return drawn("g", { class: `wire ${state}${thick ? " thick" : ""}` }, line, ...head);
}

/** @param {Point} before @param {Point} end @param {number} size */
function headOf(before, { x, y }, size) {
  const [across, down] = [Math.sign(x - before.x), Math.sign(y - before.y)];
  const [length, half] = [HEAD.length * size, HEAD.half * size];
  const [bx, by] = [x - across * length, y - down * length];
  return `M${x} ${y}L${bx - down * half} ${by - across * half}L${bx + down * half} ${by + across * half}Z`;
}

/** @param {Point} at @param {string} text @param {string} state */
function boxOf({ x, y }, text, state) {
  const { width, height } = BOX;
  const rect = drawn("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 7 });
  return drawn("g", { class: `box ${state}` }, rect, drawn("text", { x, y }, text));
}

/** @param {Point} at @param {string} text @param {string} state */
const circleOf = ({ x, y }, text, state) =>
  drawn("g", { class: `circle ${state}` }, drawn("circle", { cx: x, cy: y, r: CIRCLE }), drawn("text", { x, y }, text));
