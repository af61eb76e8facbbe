/**
 * Reads an equation: the cells that its terms use, the frames around them, and what of a matrix is shown. Pure.
 *
 * Rows and columns are those of whole matrices, counted from 0, unless they are said to be shown.
 */

/** @typedef {import("../../types/pictures.js").EquationMark} EquationMark */
/** @typedef {import("../../types/pictures.js").Operand} Operand */
/** @typedef {import("../../types/pictures.js").Term} Term */
/** @typedef {{row: number, column: number}} Entry */
/** @typedef {{row: number, column: number, rows: number, columns: number}} Rectangle a part of a matrix */

/**
 * The operands of an equation, each with its number among the items.
 * @param {EquationMark} equation
 * @returns {{item: number, operand: Operand}[]}
 */
export function operandsOf({ items }) {
  return items.flatMap((one, item) => (one.item === "operand" ? [{ item, operand: one }] : []));
}

/** The result. @param {EquationMark} equation @returns {Operand | null} */
export function resultOf({ items: [first] }) {
  return first?.item === "operand" ? first : null;
}

/**
 * The cells of one item that terms use, each once.
 * @param {readonly Term[]} terms
 * @param {number} item
 * @returns {Entry[]}
 */
export function usedCells(terms, item) {
  /** @type {Map<string, Entry>} */
  const found = new Map();
  for (const { uses } of terms) {
    for (const [of, row, column] of uses) {
      if (of === item) found.set(`${row} ${column}`, { row, column });
    }
  }
  return [...found.values()];
}

/**
 * The fewest rectangles of a simple kind that cover cells: runs within a row, joined with equal runs below.
 * @param {readonly Entry[]} cells
 * @returns {Rectangle[]} from top to bottom
 */
export function rectanglesOf(cells) {
  const sorted = [...cells].sort((one, other) => one.row - other.row || one.column - other.column);
  /** @type {Rectangle[]} */
  const runs = [];
  for (const { row, column } of sorted) {
    const last = runs.at(-1);
    if (last && last.row === row && last.column + last.columns === column) last.columns += 1;
    else runs.push({ row, column, rows: 1, columns: 1 });
  }
  /** @type {Rectangle[]} */
  const found = [];
  for (const run of runs) {
    const above = found.find(
      (one) => one.column === run.column && one.columns === run.columns && one.row + one.rows === run.row,
    );
    if (above) above.rows += 1;
    else found.push(run);
  }
  return found;
}

/** @typedef {Pick<Operand, "colors" | "peak">} Scale */

/**
 * The scales of the colours of a worked entry and of its terms. The parts of a sum are compared with it, on one
 * scale; a factor has that of the cell that it is.
 * @param {EquationMark} equation
 * @param {import("../../types/pictures.js").Worked} worked
 * @returns {{entry: Scale, terms: Scale[]}}
 */
export function scalesOf(equation, { terms, joined, value }) {
  const result = resultOf(equation);
  /** @type {Scale} */
  const own = { colors: result?.colors === "sequential" ? "sequential" : "diverging", peak: result?.peak ?? 1 };
  if (terms.length === 1) return { entry: own, terms: [own] };
  if (joined === "×") {
    const of = (/** @type {Term} */ { uses: [use, ...others] }) => {
      const item = equation.items[use?.[0] ?? -1];
      return item?.item === "operand" && others.length === 0 ? { colors: item.colors, peak: item.peak } : own;
    };
    return { entry: own, terms: terms.map(of) };
  }
  const sizes = [own.peak, ...[value, ...terms.map((term) => term.value)].filter(Number.isFinite).map(Math.abs)];
  /** @type {Scale} */
  const shared = { colors: "diverging", peak: Math.max(...sizes) };
  return { entry: shared, terms: terms.map(() => shared) };
}

/** The shown part of an operand. @param {Operand} operand @returns {Rectangle} */
export function windowOf({ values, row, column }) {
  const [rows = 0, columns = 0] = values.shape;
  return { row, column, rows, columns };
}

/**
 * The part of a rectangle within another; null if they have none in common.
 * @param {Rectangle} one
 * @param {Rectangle} other
 * @returns {Rectangle | null}
 */
export function within(one, other) {
  const row = Math.max(one.row, other.row);
  const column = Math.max(one.column, other.column);
  const rows = Math.min(one.row + one.rows, other.row + other.rows) - row;
  const columns = Math.min(one.column + one.columns, other.column + other.columns) - column;
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : null;
}

/** The size of the whole matrix: "3 × 4". @param {Operand} operand */
export const sizeWords = ({ rows, columns }) => `${rows} × ${columns}`;

/**
 * A side of a matrix of which only a part is shown, and what to ask for to see another.
 * @typedef {object} Side
 * @property {"rows" | "columns"} side
 * @property {string} words "rows 9 to 32 of 64"
 * @property {string} short "9–32 of 64"
 * @property {"row" | "column" | "term"} follows what the part follows: a number of the chosen entry, or a term
 * @property {number | null} before the number of one in the part before; null if there is none
 * @property {number | null} after
 */

/**
 * The sides of an operand of which only a part is shown.
 * @param {EquationMark} equation as it is shown
 * @param {number} item
 * @param {EquationMark} [received] with all that there is of its matrices
 * @returns {Side[]}
 */
export function hiddenSides(equation, item, received = equation) {
  const operand = equation.items[item];
  const source = received.items[item];
  if (operand?.item !== "operand" || source?.item !== "operand") return [];
  const [shown, all] = [windowOf(operand), windowOf(source)];
  return /** @type {const} */ (["rows", "columns"])
    .filter((side) => shown[side] < operand[side])
    .map((side) => {
      const at = side === "rows" ? "row" : "column";
      const [first, count, whole] = [shown[at], shown[side], operand[side]];
      const follows = followed(equation, item, side) ?? "term";
      // Another entry brings another part of the matrix; another term only what is there.
      const [low, high] = follows === "term" ? [all[at], all[at] + all[side]] : [0, whole];
      const middle = first + Math.floor(count / 2);
      return {
        side,
        words: `${side} ${first + 1} to ${first + count} of ${whole}`,
        short: `${first + 1}–${first + count} of ${whole}`,
        follows,
        before: first > low ? Math.max(low, middle - count) : null,
        after: first + count < high ? Math.min(high - 1, middle + count) : null,
      };
    });
}

/**
 * The number of the chosen entry that a side's shown part follows: all cells that the terms use have it.
 * @param {EquationMark} equation
 * @param {number} item
 * @param {"rows" | "columns"} side
 * @returns {"row" | "column" | null} null if the terms use several
 */
export function followed(equation, item, side) {
  const { worked } = equation;
  if (!worked) return null;
  if (item === 0) return side === "rows" ? "row" : "column";
  const result = resultOf(equation);
  const operand = equation.items[item];
  if (!result || operand?.item !== "operand") return null;
  const used = usedCells(worked.terms, item).map((cell) => (side === "rows" ? cell.row : cell.column));
  const whole = operand[side];
  /** @param {"row" | "column"} name @param {number} size */
  const matches = (name, size) => whole === size && used.length > 0 && used.every((at) => at === worked[name]);
  if (matches("row", result.rows)) return "row";
  return matches("column", result.columns) ? "column" : null;
}

/**
 * The entry that an arrow key leads to from another.
 * @param {string} key
 * @param {Entry} from
 * @param {Pick<Operand, "rows" | "columns">} result
 * @returns {Entry | null} null for another key
 */
export function entryForKey(key, { row, column }, { rows, columns }) {
  const last = { row: rows - 1, column: columns - 1 };
  switch (key) {
    case "ArrowUp":
      return { row: Math.max(0, row - 1), column };
    case "ArrowDown":
      return { row: Math.min(last.row, row + 1), column };
    case "ArrowLeft":
      return { row, column: Math.max(0, column - 1) };
    case "ArrowRight":
      return { row, column: Math.min(last.column, column + 1) };
    case "Home":
      return { row, column: 0 };
    case "End":
      return { row, column: last.column };
    case "PageUp":
      return { row: 0, column };
    case "PageDown":
      return { row: last.row, column };
  }
  return null;
}
