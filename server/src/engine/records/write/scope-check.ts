import { AppError } from '../../../kernel/errors/app-error.js';
import type { FormAccess } from '../../access/form-access.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';
import type { Work } from './work.js';

/** Scopes with filters (which may follow relations) are checked on the written rows, by SQL. */
export function scopeNeedsSql(access: FormAccess): boolean {
  return access.scope !== 'all' && access.scope.some((item) => item.kind === 'filter');
}

/** True when the after-image lies outside a scope made of owners and departments only. */
export function violatesScope(form: FormMeta, scope: ReadScope, after: StoredValues): boolean {
  const access = scope.accessOf(form);
  if (access.scope === 'all' || scopeNeedsSql(access)) return false;
  return !access.scope.some((item) =>
    item.kind === 'own'
      ? after.owner === item.memberId
      : item.kind === 'departments' && item.ids.includes(after.department as never),
  );
}

/** Refuses the whole transaction when a written row is not among those the writer may touch. */
export async function outsideScope(work: Work, ids: readonly string[]): Promise<void> {
  const { form, scope, tx } = work;
  const access = scope.accessOf(form);
  if (ids.length === 0 || !scopeNeedsSql(access)) return;
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`];
  const seen = scopeSql(access.scope, form, 't', scope, params);
  if (seen) where.push(seen);
  const [row] = await tx.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${form.table} t WHERE ${where.join(' AND ')}`,
    params.values,
  );
  if (row?.n !== ids.length) throw new AppError('outside_scope');
}
