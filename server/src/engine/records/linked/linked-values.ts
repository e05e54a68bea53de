import { isBlank } from '@lianke/shared/fields/types';
import { parentPrefix } from '@lianke/shared/forms/deciders';
import type { DefaultValue } from '@lianke/shared/forms/definition';
import type { Compiled } from '@lianke/shared/formulas/compile';
import { evaluateFormula } from '@lianke/shared/formulas/evaluate';
import { storedResult, valueOfField } from '@lianke/shared/formulas/field-values';
import { isList, toText, type Value } from '@lianke/shared/formulas/values';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import { formulaField } from '../../derived/world.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { defaultFormula } from '../../forms/formula-defaults.js';
import { opened } from '../../sealed/sealed-rows.js';
import type { StoredValues } from '../contracts.js';
import { maskedSql, scopeSql, seenColumn } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';

type Link = Extract<DefaultValue, { kind: 'linked' }>;

/** A field that takes its value from another form's record, or from a formula over its own. */
export interface LinkedField {
  field: FieldMeta;
  from: { kind: 'record'; link: Link } | { kind: 'formula'; formula: Compiled };
  /** Fields that decide what it takes: of the same record, or of the one that a subform's row belongs to. */
  by: FieldMeta[];
}

const known = new WeakMap<FormMeta, LinkedField[]>();

/** Linked fields of a form, each after those that decide on it. */
export function linkedFields(form: FormMeta): LinkedField[] {
  let fields = known.get(form);
  if (!fields) {
    fields = inOrder(form.fields.flatMap((field) => linkedField(form, field) ?? []));
    known.set(form, fields);
  }
  return fields;
}

function linkedField(form: FormMeta, field: FieldMeta): LinkedField | undefined {
  const preset = field.def.default;
  if (!field.writable) return undefined;
  if (preset?.kind === 'linked') {
    const by = preset.match.flatMap(({ own }) => deciderOf(form, own) ?? []);
    return by.length === preset.match.length ? { field, from: { kind: 'record', link: preset }, by } : undefined;
  }
  if (preset?.kind !== 'formula') return undefined;
  const formula = defaultFormula(form.definition.fields, preset.expression);
  if (!formula) return undefined;
  const by = [...formula.refs.values()].flatMap((ref) => (ref.field && form.field(ref.field.id)) ?? []);
  return { field, from: { kind: 'formula', formula }, by };
}

function deciderOf(form: FormMeta, own: string): FieldMeta | undefined {
  return own.startsWith(parentPrefix) ? form.owner?.form.field(own.slice(parentPrefix.length)) : form.field(own);
}

/** The deciding fields that stand on the record above the row. */
export function above(form: FormMeta, { by }: Pick<LinkedField, 'by'>): FieldMeta[] {
  return by.filter((field) => form.field(field.id) !== field);
}

/** Those that wait for none first; a ring keeps the form's order. */
function inOrder(fields: readonly LinkedField[]): LinkedField[] {
  const left = [...fields];
  const done: LinkedField[] = [];
  while (left.length > 0) {
    const next = left.findIndex((item) => !left.some((other) => other !== item && item.by.includes(other.field)));
    done.push(...left.splice(Math.max(0, next), 1));
  }
  return done;
}

/**
 * What a linked field takes for each record: the value of the newest record that matches, as far as the reader may see
 * it; null when none does or a deciding field is blank. One statement for all.
 */
export async function takeLinked(
  tx: Tx,
  scope: ReadScope,
  form: FormMeta,
  linked: LinkedField,
  records: readonly StoredValues[],
): Promise<Json[]> {
  const { field, from, by } = linked;
  if (from.kind === 'formula') return computed(scope, form, field, from.formula, by, records);
  const { link } = from;
  const found: Json[] = records.map(() => null);
  const target = scope.forms.get(link.formId);
  const access = target && scope.accessOf(target);
  const take = target?.field(link.take);
  if (!target || !take || !access?.may('view') || !access.compares(take)) return found;
  const full = records.flatMap((values, at) => {
    const key = by.map((item) => values[item.id]);
    return key.some((value) => isBlank(value) || Array.isArray(value)) ? [] : [{ at, key: key.map(String) }];
  });
  if (full.length === 0) return found;
  const params = new Params();
  const at = params.add(
    full.map((item) => item.at),
    'int[]',
  );
  const keys = by.map((_, index) =>
    params.add(
      full.map((item) => item.key[index] ?? ''),
      'text[]',
    ),
  );
  const conditions: string[] = ['t.deleted_at IS NULL'];
  for (const [index, { field: ref }] of link.match.entries()) {
    if (ref === 'id') {
      conditions.push(`t.id = w.c${index}::uuid`);
      continue;
    }
    const there = target.field(ref);
    if (!there || !access.compares(there)) return found;
    conditions.push(holds(there, `w.c${index}`));
    const masked = maskedSql(there, target, 't', scope, params);
    if (masked) conditions.push(`NOT ${masked}`);
  }
  const seen = scopeSql(access.scope, target, 't', scope, params);
  if (seen) conditions.push(seen);
  const columns = keys.map((_, index) => `c${index}`).join(', ');
  const rows = await tx.sql<{ at: number; value: Json }>(
    `SELECT DISTINCT ON (w.at) w.at, ${seenColumn(take, target, 't', scope, params)} AS value FROM unnest(${[at, ...keys].join(', ')}) AS w(at, ${columns})
     JOIN ${target.table} t ON ${conditions.join(' AND ')} ORDER BY w.at, t.created_at DESC, t.id DESC`,
    params.values,
  );
  for (const row of rows) {
    const value = opened(take, row.value);
    const parsed = value === null ? null : field.type.parse(value, field.config);
    if (parsed?.ok) found[row.at] = parsed.value;
  }
  return found;
}

/** SQL that is true where a field of `t` holds (or, for lists, contains) the text in `expression`. */
export function holds(field: FieldMeta, expression: string): string {
  if (!field.storage.endsWith('[]')) return `t.${field.column} = ${expression}::${field.storage}`;
  // A containment test can use the GIN index of the list.
  return `t.${field.column} @> ARRAY[${expression}]::${field.storage}`;
}

/** What a formula gives for each record, whose values its writer knows; null where it gives nothing, or looks at what he may not see. */
function computed(
  scope: ReadScope,
  form: FormMeta,
  field: FieldMeta,
  formula: Compiled,
  by: readonly FieldMeta[],
  records: readonly StoredValues[],
): Json[] {
  const access = scope.accessOf(form);
  if (!by.every((item) => access.compares(item))) return records.map(() => null);
  const { timeZone, now } = scope.env;
  return records.map((values) => {
    const done = evaluateFormula(formula.node, {
      now,
      timeZone,
      types: formula.types,
      read: (path) => {
        const input = form.field(path[0] ?? '');
        return input ? valueOfField(formulaField(input), values[input.id] ?? null, (_, id) => id) : null;
      },
    });
    if (!done.ok || done.value === null || isList(done.value)) return null;
    const raw = storedAs(field, formula, done.value, timeZone);
    const parsed = raw === null ? null : field.type.parse(raw, field.config);
    return parsed?.ok ? parsed.value : null;
  });
}

function storedAs(field: FieldMeta, { type }: Compiled, value: Exclude<Value, readonly unknown[]>, zone: string): Json {
  if (field.storage === 'text') {
    const text = toText(value as never, zone);
    const options = (field.config as { options?: { id: string; label: string }[] }).options;
    return options?.find((option) => option.label === text)?.id ?? (text === '' ? null : text);
  }
  const kind = field.storage === 'date' ? 'date' : field.storage === 'timestamptz' ? 'datetime' : type.kind;
  return storedResult(value, kind, { type: field.typeName, config: field.def.config }, zone);
}
