/** Reads the list of stages: their directions, and the parts of the network within these. Pure. */

/** @typedef {import("./walk.js").Stage} Stage */
/** @typedef {{stage: Stage, at: number}} Numbered a stage and its number among all */

/**
 * A run of stages of one direction and section.
 * @typedef {object} Section
 * @property {Stage["group"]} group
 * @property {string} name empty if the direction has no sections
 * @property {Numbered[]} stages
 * @property {boolean} first of its direction
 */

/**
 * What the row of stages shows: the stages of a section, or one button for all of them.
 * @typedef {object} Shown
 * @property {Stage["group"]} group
 * @property {string} caption above it; may be empty
 * @property {string} label of a folded one
 * @property {string} name that is read aloud
 * @property {boolean} open
 * @property {boolean} short whether its label is the number of a layer, without that of its stages
 * @property {boolean} continues whether it follows another of its direction
 * @property {Numbered[]} stages
 */

export const DIRECTIONS = { forward: "Forward", backward: "Backward", update: "Then" };
/** Sections of a direction up to which each has a button with its name, wherever one is. */
const MOST = 6;

/**
 * @param {readonly Stage[]} stages
 * @returns {Section[]}
 */
export function sectionsOf(stages) {
  /** @type {Section[]} */
  const found = [];
  stages.forEach((stage, at) => {
    const last = found.at(-1);
    const { group, section: name = "" } = stage;
    if (last?.group === group && last.name === name) last.stages.push({ stage, at });
    else found.push({ group, name, stages: [{ stage, at }], first: last?.group !== group });
  });
  return found;
}

/**
 * Unfolds the section of the present stage, and what has no sections. Of a direction with many sections the layers are
 * numbers, and from another direction it is one button.
 * @param {readonly Stage[]} stages
 * @param {number} at the number of the present stage
 * @returns {Shown[]}
 */
export function shownSections(stages, at) {
  const sections = sectionsOf(stages);
  const present = stages[at]?.group;
  return sections.flatMap((section) => {
    const { group, name, first } = section;
    const together = sections.filter((one) => one.group === group);
    const many = together.length > MOST;
    if (many && group !== present) return first ? [folded(section, "", together.flatMap((one) => one.stages))] : [];
    if (name === "" || section.stages.some((one) => one.at === at)) return [unfolded(section)];
    return [folded(section, many ? name.replace(/^Layer (?=\d+$)/, "") : name, section.stages)];
  }).map((one, i, all) => (one.short && !all[i - 1]?.short ? { ...one, caption: one.caption || "Layer" } : one));
}

/** @param {Section} section @returns {Shown} */
function unfolded({ group, name, stages, first }) {
  const words = name ? [DIRECTIONS[group], name] : [DIRECTIONS[group]];
  return { group, caption: words.join(" · "), label: "", name: words.join(", "), open: true, short: false, continues: !first, stages };
}

/**
 * @param {Section} section
 * @param {string} label empty for a whole direction
 * @param {Numbered[]} stages
 * @returns {Shown}
 */
function folded({ group, name, first }, label, stages) {
  const direction = DIRECTIONS[group];
  const words = label ? `${direction}, ${name}` : direction;
  return { group, caption: first && label ? direction : "", label: label || direction, name: counted(words, stages), open: false, short: label !== "" && label !== name, continues: !first, stages };
}

/** @param {string} name @param {readonly unknown[]} stages */
const counted = (name, { length }) => `${name}, ${length} ${length === 1 ? "stage" : "stages"}`;

/**
 * The labels that two of the shown stages have: what is read aloud of them says the direction, too.
 * @param {readonly Shown[]} shown
 * @returns {Set<string>}
 */
export function ambiguous(shown) {
  const labels = shown.filter(({ open }) => open).flatMap(({ stages }) => stages.map(({ stage }) => stage.label));
  return new Set(labels.filter((label, i) => labels.indexOf(label) !== i));
}

/**
 * The title over a stage; its section stands there if other sections have a stage of that name.
 * @param {Stage} stage
 * @param {readonly Stage[]} stages
 */
export function titleOf(stage, stages) {
  const { section, label, title } = stage;
  const elsewhere = section && stages.some((one) => one.label === label && one.section !== section);
  return `${elsewhere ? `${section} · ` : ""}${label}: ${lower(title)}`;
}

/** @param {string} text */
const lower = (text) => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
