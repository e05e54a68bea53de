import type { RecordId } from '@lianke/shared/ids';
import type { StoredValues } from '../contracts.js';
import { storedValues } from '../record-reader.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { Work } from './work.js';

export interface LockedRow {
  version: number;
  values: StoredValues;
}

/** Locks the rows the writer may see, in id order, and reads what they hold. */
export async function lockRows(
  work: Work,
  ids: readonly RecordId[],
  deleted: boolean,
): Promise<Map<string, LockedRow>> {
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`, `t.deleted_at IS ${deleted ? 'NOT ' : ''}NULL`];
  const seen = scopeSql(work.scope.accessOf(work.form).scope, work.form, 't', work.scope, params);
  if (seen) where.push(seen);
  const columns = work.form.fields.map((field) => `t.${field.column}`).join(', ');
  const rows = await work.tx.sql<Record<string, unknown>>(
    `SELECT t.id, t.version, ${columns} FROM ${work.form.table} t WHERE ${where.join(' AND ')} ORDER BY t.id FOR UPDATE OF t`,
    params.values,
  );
  return new Map(
    rows.map((row) => [row.id as string, { version: row.version as number, values: storedValues(work.form, row) }]),
  );
}
