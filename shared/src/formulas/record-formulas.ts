import type { FormulaResult } from '../fields/formula/schema.js';
import type { Json } from '../json.js';
import { type Compiled, compile } from './compile.js';
import { evaluateFormula } from './evaluate.js';
import { type NameOf, storedResult, valueOfField } from './field-values.js';
import type { Scalar, Value } from './values.js';
import { type FormulaField, type FormulaForm, type FormulaWorld, type Resolved, subformsOf } from './world.js';

/** Values by field key. */
export type KeyedValues = Readonly<Record<string, Json>>;

/** Computes formulas while one types, by field key; what reads other records is left out. */
export type LiveFormulas = (values: KeyedValues, env?: LiveEnv) => Record<string, Json>;

export interface LiveEnv {
  now: Date;
  timeZone: string;
  /** The name of a person or department where values hold only ids. */
  nameOf?: NameOf | undefined;
}

/** A field as its readers get it: stars are no value to compute with. */
export type ReadFormulaField = FormulaField & { masked?: boolean | undefined };

export interface ReadForm {
  id: string;
  name: string;
  settings: { titleField?: string | undefined };
  fields: readonly ReadFormulaField[];
}

/** A read field as formulas may use it; masked columns of a subform are left out. */
export function liveField(field: ReadFormulaField): FormulaField {
  const { fields } = field.config as { fields?: readonly ReadFormulaField[] };
  return fields ? { ...field, config: { ...field.config, fields: fields.filter((inner) => !inner.masked) } } : field;
}

/** A read form as formulas may use it: without what the reader sees masked. */
export function liveForm({ id, name, settings, fields }: ReadForm): FormulaForm {
  return { id, name, titleField: settings.titleField, fields: fields.filter((item) => !item.masked).map(liveField) };
}

interface Rows {
  field: FormulaField;
  byId: ReadonlyMap<string, FormulaField>;
  compute: LiveFormulas;
}

/** The rows of a subform as their record holds them; of those in lists only the label is known. */
interface Row {
  values?: Record<string, Json>;
}

/**
 * The formulas of a record that is being filled in: those that read its own fields and the rows of its subforms, as far
 * as the reader sees their values.
 * @param only ids of the formulas to compute; the others are read as values
 */
export function recordFormulas(read: ReadForm, env: LiveEnv, only?: ReadonlySet<string>): LiveFormulas {
  const form = liveForm(read);
  const rows = new Map<string, Rows>();
  const inner: FormulaForm[] = [];
  for (const field of form.fields.filter((item) => item.type === 'subform')) {
    const [part] = subformsOf({ ...form, fields: [field] });
    const parent = part?.fields.at(-1);
    if (!part || !parent) continue;
    inner.push(part);
    const byId = new Map(part.fields.map((item) => [item.id, item]));
    rows.set(`<${parent.id}`, { field, byId, compute: liveFormulas(part, { forms: [part] }, env) });
  }
  return liveFormulas(form, { forms: [form, ...inner] }, env, rows, only);
}

/** The formulas of `home` that read nothing but its own fields and these rows. */
export function liveFormulas(
  home: FormulaForm,
  world: FormulaWorld,
  env: LiveEnv,
  rows: ReadonlyMap<string, Rows> = new Map(),
  only?: ReadonlySet<string>,
): LiveFormulas {
  const near = ({ hops, ids, record }: Resolved) =>
    hops.length === 0 || (!record && hops.length === 1 && ids.length === 2 && rows.has(ids[0] ?? ''));
  const compiled = home.fields.flatMap((field): { field: FormulaField; formula: Compiled }[] => {
    if (field.type !== 'formula' || only?.has(field.id) === false) return [];
    const done = compile(String(field.config.expression ?? ''), world, home.id);
    return done.ok && [...done.formula.refs.values()].every(near) ? [{ field, formula: done.formula }] : [];
  });
  const byId = new Map(home.fields.map((field) => [field.id, field]));
  return (values, at = env) => {
    const nameOf = at.nameOf ?? idAsName;
    const out: Record<string, Json> = {};
    const lists = new Map<string, Value>();
    const read = ([first = '', second]: readonly string[]): Value => {
      if (second === undefined) {
        const input = byId.get(first);
        return input ? valueOfField(input, out[input.key] ?? values[input.key], nameOf) : null;
      }
      const key = `${first}.${second}`;
      const known = lists.get(key) ?? listOf(rows.get(first), second, values, at);
      lists.set(key, known);
      return known;
    };
    // A formula may read the one before it: as often as there are formulas, everything has come down.
    for (let round = 0; round < compiled.length; round++)
      for (const { field, formula } of compiled) out[field.key] = computed(field, formula, read, at);
    return out;
  };
}

const idAsName: NameOf = (_, id) => id;

/** What a field of the rows holds, all rows together. */
function listOf(rows: Rows | undefined, fieldId: string, values: KeyedValues, env: LiveEnv): Value {
  const field = rows?.byId.get(fieldId);
  const raw = rows && values[rows.field.key];
  if (!rows || !field || !Array.isArray(raw)) return [];
  return (raw as Row[]).flatMap((row) => {
    const own = row.values ?? {};
    const value = valueOfField(field, { ...own, ...rows.compute(own, env) }[field.key], env.nameOf ?? idAsName);
    return Array.isArray(value) ? (value as Scalar[]) : [value as Scalar];
  });
}

function computed(
  field: FormulaField,
  formula: Compiled,
  read: (path: readonly string[]) => Value,
  env: LiveEnv,
): Json {
  try {
    const done = evaluateFormula(formula.node, { now: env.now, timeZone: env.timeZone, types: formula.types, read });
    const result = field.config.result as FormulaResult | undefined;
    return done.ok && result ? storedResult(done.value, formula.type.kind, result, env.timeZone) : null;
  } catch {
    // Half-typed input ("12.") is no value of its field yet.
    return null;
  }
}
