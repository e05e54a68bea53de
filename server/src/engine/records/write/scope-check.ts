import type { FormAction } from '@lianke/shared/forms/definition';
import type { FormAccess, ScopeCase } from '../../access/form-access.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';
import type { Work } from './work.js';

/** Cases that are told from a record's owner and department. */
const plain: readonly ScopeCase['kind'][] = ['own', 'unowned', 'departments'];

/** Scopes of more than owners and departments (filters, relations, shares) are checked on the written rows, by SQL. */
export function scopeNeedsSql(access: FormAccess, action: FormAction): boolean {
  const { cases, except } = access.scopeOf(action);
  if (except.length > 0) return true;
  return cases !== 'all' && cases.some((item) => !plain.includes(item.kind));
}

/** True when the after-image lies outside a scope made of owners and departments only. */
export function violatesScope(form: FormMeta, scope: ReadScope, action: FormAction, after: StoredValues): boolean {
  const access = scope.accessOf(form);
  const { cases } = access.scopeOf(action);
  if (cases === 'all' || scopeNeedsSql(access, action)) return false;
  return !cases.some((item) =>
    item.kind === 'own'
      ? after.owner === item.memberId
      : item.kind === 'unowned'
        ? after.owner === null
        : item.kind === 'departments' && item.ids.includes(after.department as never),
  );
}

/** Written rows that are not among those their writer may touch: they have to be taken back. */
export class OutsideScope extends Error {
  /** @param indexes places of the rows in the request */
  constructor(readonly indexes: readonly number[]) {
    super('written rows lie outside of the scope');
  }
}

/** Throws {@link OutsideScope} when one of the rows just written is not among those the writer may touch. */
export async function checkWrittenScope(
  work: Work,
  action: FormAction,
  rows: readonly { id: string; index: number }[],
): Promise<void> {
  const { form, scope, tx } = work;
  const access = scope.accessOf(form);
  if (rows.length === 0 || !scopeNeedsSql(access, action)) return;
  const params = new Params();
  const ids = rows.map((row) => row.id);
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`];
  const seen = scopeSql(access.scopeOf(action), form, 't', scope, params);
  if (seen) where.push(seen);
  const found = await tx.sql<{ id: string }>(
    `SELECT t.id FROM ${form.table} t WHERE ${where.join(' AND ')}`,
    params.values,
  );
  const inside = new Set(found.map((row) => row.id));
  const outside = rows.filter((row) => !inside.has(row.id)).map((row) => row.index);
  if (outside.length > 0) throw new OutsideScope(outside);
}
