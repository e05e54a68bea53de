import { isBlank } from '@lianke/shared/fields/types';
import type { DefaultValue } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../../kernel/database/tx.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';

type Link = Extract<DefaultValue, { kind: 'linked' }>;

/** A field that takes its value from another form's record. */
export interface LinkedField {
  field: FieldMeta;
  link: Link;
  /** Fields of the same record that decide which record that is. */
  by: FieldMeta[];
}

/** Linked fields of a form in their order: the value of one may decide on the next. */
export function linkedFields(form: FormMeta): LinkedField[] {
  return form.fields.flatMap((field) => {
    const link = field.def.default;
    if (link?.kind !== 'linked' || !field.writable) return [];
    const by = link.match.flatMap(({ own }) => form.field(own) ?? []);
    return by.length === link.match.length ? [{ field, link, by }] : [];
  });
}

/**
 * What a linked field takes for each record: the value of the newest record that matches, as far as the reader may see
 * it; null when none does or a deciding field is blank. One statement for all.
 */
export async function takeLinked(
  tx: Tx,
  scope: ReadScope,
  { field, link, by }: LinkedField,
  records: readonly StoredValues[],
): Promise<Json[]> {
  const found: Json[] = records.map(() => null);
  const target = scope.forms.get(link.formId);
  const access = target && scope.accessOf(target);
  const take = target?.field(link.take);
  if (!target || !take || !access?.may('view') || !access.sees(take)) return found;
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
    if (!there || !access.sees(there)) return found;
    conditions.push(holds(there, `w.c${index}`));
  }
  const seen = scopeSql(access.scope, target, 't', scope, params);
  if (seen) conditions.push(seen);
  const columns = keys.map((_, index) => `c${index}`).join(', ');
  const rows = await tx.sql<{ at: number; value: Json }>(
    `SELECT DISTINCT ON (w.at) w.at, t.${take.column} AS value FROM unnest(${[at, ...keys].join(', ')}) AS w(at, ${columns})
     JOIN ${target.table} t ON ${conditions.join(' AND ')} ORDER BY w.at, t.created_at DESC, t.id DESC`,
    params.values,
  );
  for (const row of rows) {
    const parsed = row.value === null ? null : field.type.parse(row.value, field.config);
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
