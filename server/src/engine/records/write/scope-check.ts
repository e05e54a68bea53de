import type { FormAction } from '@lianke/shared/forms/definition';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FormAccess } from '../../access/form-access.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';
import type { Work } from './work.js';

/** Scopes of more than owners and departments (filters, relations, shares) are checked on the written rows, by SQL. */
export function scopeNeedsSql(access: FormAccess, action: FormAction): boolean {
  const { cases, except } = access.scopeOf(action);
  if (except.length > 0) return true;
  return cases !== 'all' && cases.some((item) => item.kind !== 'own' && item.kind !== 'departments');
}

/** True when the after-image lies outside a scope made of owners and departments only. */
export function violatesScope(form: FormMeta, scope: ReadScope, action: FormAction, after: StoredValues): boolean {
  const access = scope.accessOf(form);
  const { cases } = access.scopeOf(action);
  if (cases === 'all' || scopeNeedsSql(access, action)) return false;
  return !cases.some((item) =>
    item.kind === 'own'
      ? after.owner === item.memberId
      : item.kind === 'departments' && item.ids.includes(after.department as never),
  );
}

/** Refuses the whole transaction when a written row is not among those the writer may touch. */
export async function outsideScope(work: Work, action: FormAction, ids: readonly string[]): Promise<void> {
  const { form, scope, tx } = work;
  const access = scope.accessOf(form);
  if (ids.length === 0 || !scopeNeedsSql(access, action)) return;
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`];
  const seen = scopeSql(access.scopeOf(action), form, 't', scope, params);
  if (seen) where.push(seen);
  const [row] = await tx.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${form.table} t WHERE ${where.join(' AND ')}`,
    params.values,
  );
  if (row?.n !== ids.length) throw new AppError('outside_scope');
}
