import type { Words } from '@lianke/shared/errors/issue-text';
import type { RecordId } from '@lianke/shared/ids';
import { namedIn } from '../../forms/repeated.js';
import type { Work } from './work.js';

/** Fields that an approval under way keeps as they are: all, or these by id. */
export type ApprovalLock = 'all' | string[];

/** Locks that stand against this writer. Flows and undo write past them, and so does an approval into its own record. */
export async function approvalLocks(work: Work, ids: readonly RecordId[]): Promise<Map<string, ApprovalLock>> {
  if (work.ctx.actor.kind === 'system' || work.ctx.cause.runId || ids.length === 0) return new Map();
  const rows = await work.tx.sql<{ record_id: string; lock: ApprovalLock }>(
    `SELECT record_id, lock FROM lianke.run WHERE tenant_id = $1 AND record_id = ANY($2::uuid[]) AND lock IS NOT NULL AND state IN ('ready','waiting','calling')`,
    [work.ctx.tenantId, [...ids]],
    { repeated: ids.length === 1 },
  );
  const locks = new Map<string, ApprovalLock>();
  for (const row of rows) {
    const other = locks.get(row.record_id);
    locks.set(row.record_id, row.lock === 'all' || other === 'all' ? 'all' : [...(other ?? []), ...row.lock]);
  }
  return locks;
}

/** Names of the locked fields among the changed ones, empty when all are locked; undefined when none is. */
export function lockedNames(work: Work, lock: ApprovalLock | undefined, changed: readonly string[]): Words | undefined {
  if (!lock) return undefined;
  if (lock === 'all') return { zh: '', en: '' };
  const fields = lock.flatMap((ref) => work.form.field(ref) ?? []).filter((field) => changed.includes(field.id));
  return fields.length > 0 ? { zh: namedIn(fields).zh, en: ` (${namedIn(fields).en})` } : undefined;
}
