/** Computes the names around a plot's box without axes: of a matrix's rows and columns, and of bars. */

/** @typedef {import("../types/pictures.js").Plot} Plot */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Box} Box */

const TYPE = 10.5;
/** The approximate width of a letter; a little too much room is no loss. */
const LETTER = 6.4;
const LINE = 15;

/** Whether the names are left out; the value under the cursor still has them. @typedef {{bare?: boolean}} Bare */

/**
 * @typedef {object} Labels
 * @property {string[]} rows beside the box, from the top
 * @property {string[]} columns below the box, from the left
 * @property {string} down the title of the rows
 * @property {string} across the title of the columns
 */

/** @type {Labels} */
const NONE = { rows: [], columns: [], down: "", across: "" };

/**
 * The names of a plot, from its first mark.
 * @param {Pick<Plot, "marks" | "x"> & Bare} plot
 * @returns {Labels}
 */
export function labelsOf({ marks: [first], x, bare = false }) {
  if (bare) return NONE;
  if (first?.kind === "matrix") {
    const named = first.row_labels.length > 0 || first.column_labels.length > 0;
    return {
      rows: first.row_labels,
      columns: first.column_labels,
      down: named ? first.rows : "",
      across: named ? first.columns : "",
    };
  }
  if (first?.kind === "bars" && (first.horizontal || !x)) {
    const { labels, horizontal } = first;
    return { rows: horizontal ? labels : [], columns: horizontal ? [] : labels, down: "", across: "" };
  }
  return NONE;
}

/**
 * The room for names, in CSS pixels.
 * @param {Labels} names
 * @param {number} scale of type
 */
export function labelMargins({ rows, columns, down, across }, scale) {
  const longest = Math.max(0, ...rows.map((name) => name.length));
  return {
    left: Math.round(((longest ? Math.min(16, longest) * LETTER + 6 : 0) + (down ? LINE : 0)) * scale),
    bottom: Math.round(((columns.length ? LINE : 0) + (across ? LINE : 0)) * scale),
  };
}

/**
 * @param {View} view
 * @param {Labels} names
 */
export function drawLabels(view, { rows, columns, down, across }) {
  const { canvas, left, top, width, height, palette } = view;
  const line = LINE * palette.scale;
  canvas.font = `${TYPE * palette.scale}px ${palette.font}`;
  canvas.fillStyle = palette.css("third");
  canvas.textAlign = "right";
  canvas.textBaseline = "middle";
  const sparse = Math.ceil((TYPE * palette.scale * 1.05 * rows.length) / height);
  // The name of a low row is higher than the row: the first one would be cut off above.
  const highest = Math.ceil((TYPE * palette.scale) / 2);
  rows.forEach((name, i) => {
    if (i % sparse) return;
    canvas.fillText(name, left - 5, Math.max(highest, top + ((i + 0.5) * height) / rows.length));
  });
  canvas.textAlign = "center";
  canvas.textBaseline = "top";
  const widest = Math.max(0, ...columns.map((name) => canvas.measureText(name).width));
  const every = Math.max(1, Math.ceil(((widest + 2) * columns.length) / width));
  columns.forEach((name, i) => {
    const place = left + ((i + 0.5) * width) / columns.length;
    if (i % every === 0) canvas.fillText(name, place, top + height + 3);
  });
  if (across) canvas.fillText(across, left + width / 2, top + height + 3 + (columns.length ? line : 0));
  if (!down) return;
  canvas.save();
  canvas.translate(line / 2 - 1, top + height / 2);
  canvas.rotate(-Math.PI / 2);
  canvas.textBaseline = "middle";
  canvas.fillText(down, 0, 0);
  canvas.restore();
}

