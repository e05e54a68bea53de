import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import type { RecordCompanions } from './companions.js';

/** What left one record with a merge, beside rows of forms: ids, and members for favourites. */
export interface Moved {
  comments: string[];
  favourites: string[];
  runs: string[];
  tasks: string[];
  /** What modules keep about the record, by their keys; merges of before they could have none. */
  companions?: Record<string, string[]>;
}

const commentsOf = (ctx: Pick<TenantContext, 'tenantId'>) => `${ident(tenantName(ctx.tenantId))}.record_comment`;

/** Open approvals go first: whoever decides one locks run, task, record in this order. */
export async function moveApprovals(tx: Tx, from: RecordId, to: RecordId): Promise<Pick<Moved, 'runs' | 'tasks'>> {
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const runs = await tx.sql<{ id: string }>(
    `UPDATE lianke.run SET record_id = $2 WHERE id IN (
       SELECT id FROM lianke.run WHERE record_id = $1 AND state IN ('ready', 'waiting') ORDER BY id FOR UPDATE) RETURNING id`,
    [from, to],
  );
  const tasks = await tx.sql<{ id: string }>(
    `UPDATE lianke.task SET record_id = $2 WHERE record_id = $1 AND state = 'pending' RETURNING id`,
    [from, to],
  );
  return { runs: ids(runs), tasks: ids(tasks) };
}

export async function moveNotes(
  tx: Tx,
  ctx: TenantContext,
  from: RecordId,
  to: RecordId,
): Promise<Pick<Moved, 'comments' | 'favourites'>> {
  const comments = await tx.sql<{ id: string }>(
    `UPDATE ${commentsOf(ctx)} SET record_id = $2 WHERE record_id = $1 RETURNING id`,
    [from, to],
  );
  const favourites = await tx.sql<{ id: string }>(
    `UPDATE lianke.favourite f SET record_id = $2 WHERE record_id = $1
     AND NOT EXISTS (SELECT 1 FROM lianke.favourite o WHERE o.member_id = f.member_id AND o.record_id = $2) RETURNING member_id AS id`,
    [from, to],
  );
  return { comments: comments.map(({ id }) => id), favourites: favourites.map(({ id }) => id) };
}

export async function keepMoved(
  tx: Tx,
  ctx: TenantContext,
  merge: { batchId: BatchId; formId: FormId; kept: RecordId; record: RecordId; moved: Moved },
): Promise<void> {
  await tx.run(
    'INSERT INTO lianke.merged (tenant_id, batch_id, form_id, kept_id, record_id, moved) VALUES ($1, $2, $3, $4, $5, $6)',
    [ctx.tenantId, merge.batchId, merge.formId, merge.kept, merge.record, JSON.stringify(merge.moved)],
  );
}

/** After a merge was undone: what it moved along goes back to the records that are there again. */
export async function moveBack(
  tx: Tx,
  ctx: TenantContext,
  batchId: BatchId,
  { live, companions }: { live: (formId: FormId) => string | undefined; companions: RecordCompanions },
): Promise<void> {
  const merges = await tx.sql<{ form_id: FormId; kept_id: RecordId; record_id: RecordId; moved: Moved }>(
    'DELETE FROM lianke.merged WHERE tenant_id = $1 AND batch_id = $2 RETURNING form_id, kept_id, record_id, moved',
    [ctx.tenantId, batchId],
  );
  for (const { form_id, kept_id, record_id, moved } of merges) {
    const table = live(form_id);
    if (!table) continue;
    const [there] = await tx.sql(`SELECT 1 FROM ${table} WHERE id = $1 AND deleted_at IS NULL`, [record_id]);
    if (!there) continue;
    const back = (target: string, key: string, ids: readonly string[]) =>
      ids.length === 0
        ? undefined
        : tx.run(`UPDATE ${target} SET record_id = $1 WHERE record_id = $2 AND ${key} = ANY($3::uuid[])`, [
            record_id,
            kept_id,
            [...ids],
          ]);
    await back('lianke.run', 'id', moved.runs);
    await back('lianke.task', 'id', moved.tasks);
    await back(commentsOf(ctx), 'id', moved.comments);
    await back('lianke.favourite', 'member_id', moved.favourites);
    await companions.moveBack(tx, moved.companions ?? {}, kept_id, record_id);
  }
}
