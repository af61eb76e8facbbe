/**
 * Edits a spec as a person writes it: only the chosen settings. The server fills in the rest, and its
 * defaults depend on the choices (data, then model, then the rest), so a default that nobody chose must
 * not be sent as a choice.
 */

/**
 * @typedef {import("./run-state.js").Written} Written
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Kind} Kind
 */

/**
 * The value at a dotted path, or undefined.
 * @param {any} document
 * @param {string} path
 */
export function valueAt(document, path) {
  let part = document;
  for (const name of path.split(".")) part = isObject(part) ? part[name] : undefined;
  return part;
}

/**
 * A copy of the document with the value at the path; missing parents are made.
 * @param {Written} document
 * @param {string} path
 * @param {unknown} value
 * @returns {Written}
 */
export function withValue(document, path, value) {
  const [name = "", ...rest] = path.split(".");
  const below = isObject(document[name]) ? document[name] : {};
  return { ...document, [name]: rest.length ? withValue(below, rest.join("."), value) : value };
}

/**
 * A copy without the field; a parent left empty is removed too.
 * @param {Written} document
 * @param {string} path
 * @returns {Written}
 */
export function without(document, path) {
  const [name = "", ...rest] = path.split(".");
  const { [name]: own, ...others } = document;
  if (!rest.length || !isObject(own)) return others;
  const below = without(own, rest.join("."));
  return Object.keys(below).length ? { ...others, [name]: below } : others;
}

/**
 * The document with the changes applied. Another kind has fields of its own: a setting of the old kind
 * is kept if it means the same in the new one.
 * @param {Catalogue} catalogue
 * @param {Written} document
 * @param {{[path: string]: any}} changes
 * @param {Written} filled  the spec that the document led to
 */
export function withChanges(catalogue, document, changes, filled) {
  const kindsFirst = Object.entries(changes).sort(
    ([a], [b]) => Number(b.endsWith(".kind")) - Number(a.endsWith(".kind")),
  );
  let result = document;
  for (const [path, value] of kindsFirst) {
    // The default data depend on the model: a chosen model is meant for the present data.
    if (path === "model.kind" && !("data.kind" in changes) && filled["data"]) {
      result = withValue(result, "data.kind", filled["data"].kind);
    }
    result = path.endsWith(".kind")
      ? withKind(catalogue, result, path.slice(0, -".kind".length), value, filled)
      : withValue(result, path, value);
  }
  return fitting(catalogue, result, filled);
}

/**
 * @param {Catalogue} catalogue
 * @param {Written} document
 * @param {string} section  "data", "optimizer.schedule"
 * @param {string} kind
 * @param {Written} filled
 */
function withKind(catalogue, document, section, kind, filled) {
  const rows = kindsOf(catalogue, section);
  const before = rows.find((row) => row.kind === valueAt(filled, `${section}.kind`));
  const after = rows.find((row) => row.kind === kind);
  /** @type {Written} */
  const kept = { kind };
  for (const [name, value] of Object.entries(valueAt(document, section) ?? {})) {
    const old = before?.knobs.find((knob) => knob.name === name);
    const now = after?.knobs.find((knob) => knob.name === name);
    // A different default shows that the number means something else: η of SGD and of Adam.
    if (old && now && old.type === now.type && same(old.default, now.default)) kept[name] = value;
  }
  return withValue(document, section, kept);
}

/**
 * The document without choices that the data no longer allow: a model for another family of data, an
 * objective for other targets, features of a missing coordinate.
 * @param {Catalogue} catalogue
 * @param {Written} document
 * @param {Written} filled  the spec before the change
 * @returns {Written}
 */
function fitting(catalogue, document, filled) {
  const kind = document["data"]?.kind ?? filled["data"]?.kind ?? catalogue.default.data.kind;
  const data = catalogue.data.find((row) => row.kind === kind);
  if (!data) return document;
  let result = document;
  const named = result["model"]?.kind ?? filled["model"]?.kind ?? catalogue.default.model.kind;
  const fits = catalogue.models.find((row) => row.kind === named)?.families?.includes(data.family);
  if (fits === false) result = without(result, "model");
  // Settings written for an unnamed default model would be read as those of the new default.
  else if (result["model"] && !result["model"].kind && named !== data.model && data.model) {
    result = withValue(result, "model.kind", named);
  }
  const model = result["model"]?.kind ?? (fits === false ? data.model : named);
  const goal = result["objective"]?.kind;
  const allowed = objectivesOf(catalogue, model, kind);
  if (goal && allowed && !allowed.includes(goal)) result = without(result, "objective");
  const features = result["model"]?.features;
  if (Array.isArray(features)) {
    const fit = features.filter((name) => {
      const row = catalogue.features.find((one) => one.kind === name);
      return !row || row.inputs <= (data.inputs ?? 0);
    });
    if (fit.length < features.length) {
      result = fit.length
        ? withValue(result, "model.features", fit)
        : without(result, "model.features");
    }
  }
  return result;
}

/**
 * The objectives that a model may have on these data; null if the catalogue does not list them.
 * @param {Catalogue} catalogue
 * @param {string} model
 * @param {string} data
 * @returns {string[] | null}
 */
export function objectivesOf(catalogue, model, data) {
  return catalogue.models.find(({ kind }) => kind === model)?.objectives?.[data] ?? null;
}

/**
 * The kinds that a section of a spec may have.
 * @param {Catalogue} catalogue
 * @param {string} section
 * @returns {Kind[]}
 */
export function kindsOf(catalogue, section) {
  const rows = {
    data: catalogue.data,
    model: catalogue.models,
    objective: catalogue.objectives,
    optimizer: catalogue.optimizers,
    "optimizer.schedule": catalogue.schedules,
  };
  return rows[/** @type {keyof typeof rows} */ (section)] ?? [];
}

/**
 * The differences of two filled specs: paths of numbers, names, lists and choices. If the kind of a
 * section differs, that is the only difference listed, not the fields of that kind.
 * @param {any} a
 * @param {any} b
 * @param {string} [path]
 * @returns {{path: string, from: unknown, to: unknown}[]}
 */
export function differences(a, b, path = "") {
  if (same(a, b)) return [];
  if (!isObject(a) || !isObject(b) || isChoice(path)) return [{ path, from: a, to: b }];
  if (a["kind"] !== b["kind"]) return [{ path: `${path}.kind`, from: a["kind"], to: b["kind"] }];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => differences(a[name], b[name], path ? `${path}.${name}` : name));
}

/**
 * A row of a table with its knobs is one value: {"kind": "elu", "alpha": 1}.
 * @param {string} path
 */
const isChoice = (path) => /^model\.(activation|initializer)$/.test(path);

/**
 * The part of a filled spec that differs from another, as a written document.
 * @param {Written} filled
 * @param {Written} defaults
 * @returns {Written}
 */
export function beyond(filled, defaults) {
  /** @type {Written} */
  let result = {};
  for (const { path, to } of differences(defaults, filled)) {
    if (!path.endsWith(".kind")) result = withValue(result, path, to);
    else {
      const section = path.slice(0, -".kind".length);
      result = withValue(result, section, valueAt(filled, section));
    }
  }
  return result;
}

/**
 * Whether two values are equal as JSON, regardless of the order of names.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const names = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => same(Reflect.get(a, name), Reflect.get(b, name)))
  );
}

/** @param {unknown} value @returns {value is Written} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
