import type { FormAction } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Scope } from '../../access/form-access.js';
import { openRows } from '../../sealed/sealed-rows.js';
import type { StoredValues } from '../contracts.js';
import { storedValues } from '../record-reader.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import { readSubforms } from '../subform-rows.js';
import type { Work } from './work.js';

export interface LockedRow {
  version: number;
  values: StoredValues;
  /** False: he sees the row, but may not do this with it. */
  allowed: boolean;
}

/** Locks the rows the writer may see, in id order, and reads what they hold and whether he may do this with them. */
export async function lockRows(
  work: Work,
  ids: readonly RecordId[],
  deleted: boolean,
  action: FormAction,
): Promise<Map<string, LockedRow>> {
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`, `t.deleted_at IS ${deleted ? 'NOT ' : ''}NULL`];
  const access = work.scope.accessOf(work.form);
  // Who may only edit (fills in, never looks) acts on what he may edit.
  const visible = access.may('view') ? access.scope : access.scopeOf(action);
  const seen = scopeSql(visible, work.form, 't', work.scope, params);
  if (seen) where.push(seen);
  const doing = sameRows(visible, access.scopeOf(action))
    ? undefined
    : scopeSql(access.scopeOf(action), work.form, 't', work.scope, params);
  const columns = work.form.fields.map((field) => `t.${field.column}`).join(', ');
  const rows = await work.tx.sql<Record<string, unknown>>(
    `SELECT t.id, t.version, ${doing ? `(${doing}) IS TRUE` : 'true'} AS allowed, ${columns} FROM ${work.form.table} t WHERE ${where.join(' AND ')} ORDER BY t.id FOR UPDATE OF t`,
    params.values,
    { repeated: ids.length === 1 && seen === undefined && doing === undefined },
  );
  openRows(work.form.fields, rows);
  await readSubforms(work.tx, work.form.fields, rows);
  return new Map(
    rows.map((row) => [
      row.id as string,
      { version: row.version as number, values: storedValues(work.form, row), allowed: row.allowed as boolean },
    ]),
  );
}

function sameRows(a: Scope, b: Scope): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
