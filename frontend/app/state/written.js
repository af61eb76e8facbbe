/**
 * A spec as a person writes it: only what was chosen. The server fills in the rest, and its
 * defaults depend on what was chosen (data, then model, then the rest), so a default that nobody
 * asked for must not be sent as though somebody had.
 */

/**
 * @typedef {import("./store.js").Written} Written
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
 * A copy of the document with the value at the path; its parents are made where they are missing.
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
 * A copy without the field; a parent that is left empty goes too.
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
 * The changes put into the document. Another kind brings fields of its own: of what was written
 * for the old kind, that stays which means the same in the new one.
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
    // A default of the data depends on the model: who chooses a model means it for these data.
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
    // Another default says that the number means something else there: η of SGD and of Adam.
    if (old && now && old.type === now.type && same(old.default, now.default)) kept[name] = value;
  }
  return withValue(document, section, kept);
}

/**
 * Without the choices that the data no longer allow: a model for another family of data, an objective
 * for other targets, features of a coordinate that is not there.
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
  // Settings that were written for a model nobody named would be taken for those of another default.
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
 * The objectives that a model may have on these data; null where the catalogue does not say.
 * @param {Catalogue} catalogue
 * @param {string} model
 * @param {string} data
 * @returns {string[] | null}
 */
export function objectivesOf(catalogue, model, data) {
  return catalogue.models.find(({ kind }) => kind === model)?.objectives?.[data] ?? null;
}

/**
 * The kinds that a section of a spec may be of.
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
 * Where two filled specs differ: paths of numbers, names, lists and choices. Where the kind of a
 * section differs, that is the difference, and not the fields which it brought.
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
 * What of a filled spec differs from another, as a document that may be written.
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
 * Equal as JSON, whatever the order of names.
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
