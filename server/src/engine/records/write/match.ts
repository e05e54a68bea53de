import type { Words } from '@lianke/shared/errors/issue-text';
import { isBlank } from '@lianke/shared/fields/types';
import type { RecordId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { opened, sealed } from '../../sealed/sealed-rows.js';
import { maskedSql, scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';
import type { IndexedRow } from './work.js';

/**
 * Sorts upsert rows into new ones and changes of existing ones, by the values of `matchOn`. A row without a value in
 * every key field is new; one that meets several records is refused.
 */
export async function matchRows(
  tx: Tx,
  form: FormMeta,
  scope: ReadScope,
  matchOn: readonly string[],
  rows: readonly IndexedRow[],
): Promise<{ create: IndexedRow[]; update: IndexedRow[]; ambiguous: { index: number; words: Words }[] }> {
  if (matchOn.length === 0) throw refusal('invalid_request', { zh: 'upsert 需要 matchOn', en: 'upsert needs matchOn' });
  const access = scope.accessOf(form);
  const fields = matchOn.map((ref) => {
    const field = form.field(ref);
    if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    if (!access.compares(field)) throw new AppError('field_masked', { field: field.name });
    if (field.storage.endsWith('[]') || field.storage === 'jsonb')
      throw new AppError('operator_not_allowed', { field: field.name, op: 'matchOn' });
    return field;
  });
  const keys = rows.map(({ row }) => {
    const values = fields.map((field) =>
      field.type.parse(row.values?.[field.key] ?? row.values?.[field.id], field.config),
    );
    return values.every((value) => value.ok && !isBlank(value.value))
      ? values.map((value) => (value.ok ? String(value.value) : ''))
      : undefined;
  });
  const wanted = keys.flatMap((key) => (key ? [key] : []));
  const found = new Map<string, RecordId[]>();
  if (wanted.length > 0) {
    const params = new Params();
    const sources = fields.map((field, at) =>
      params.add(
        wanted.map((key) => sealed(field, key[at] ?? '') as string),
        `${field.storage}[]`,
      ),
    );
    const names = fields.map((_, at) => `k${at}`);
    const where = [`t.deleted_at IS NULL`];
    const seen = scopeSql(access.may('view') ? access.scope : access.scopeOf('edit'), form, 't', scope, params);
    if (seen) where.push(seen);
    for (const field of fields) {
      const masked = maskedSql(field, form, 't', scope, params);
      if (masked) where.push(`NOT ${masked}`);
    }
    const hits = await tx.sql<Record<string, string>>(
      `SELECT DISTINCT t.id, ${fields.map((_, at) => `v.k${at}::text AS k${at}`).join(', ')} FROM unnest(${sources.join(', ')}) AS v(${names.join(', ')})
       JOIN ${form.table} t ON ${fields.map((field, at) => `t.${field.column} = v.k${at}`).join(' AND ')} WHERE ${where.join(' AND ')}`,
      params.values,
    );
    for (const hit of hits) {
      const key = names.map((name, at) => opened(fields[at] as FieldMeta, hit[name] ?? '')).join('\u0000');
      found.set(key, [...(found.get(key) ?? []), hit.id as RecordId]);
    }
  }
  const result = {
    create: [] as IndexedRow[],
    update: [] as IndexedRow[],
    ambiguous: [] as { index: number; words: Words }[],
  };
  for (const [at, item] of rows.entries()) {
    const ids = found.get(keys[at]?.join('\u0000') ?? '') ?? [];
    const [id] = ids;
    if (ids.length > 1)
      result.ambiguous.push({
        index: item.index,
        words: {
          zh: `${matchOn.join('、')} 对应 ${ids.length} 条数据`,
          en: `${matchOn.join(', ')} match ${ids.length} records; use fields whose values are unique`,
        },
      });
    else if (id) result.update.push({ index: item.index, row: { ...item.row, id } });
    else result.create.push(item);
  }
  return result;
}
