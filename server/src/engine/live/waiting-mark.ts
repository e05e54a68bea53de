import { createHash } from 'node:crypto';
import type { FlowId, MemberId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { memberOf, type TenantContext } from '../context.js';
import { absentees, activeAways, substituteOf } from '../tasks/aways.js';

/**
 * Which approvals wait for the reader, his own and those he answers for, as one short text: another text says that he was
 * asked something or is no longer asked. Made from the tasks as they are, it misses nothing whoever changed them.
 */
export async function waitingMark(tx: Tx, ctx: TenantContext, now: Date): Promise<string> {
  const me = memberOf(ctx);
  if (me === null) return '';
  const aways = await activeAways(tx, now);
  const rows = await tx.sql<{ id: string; member_id: MemberId; flow_id: FlowId }>(
    `SELECT t.id, t.member_id, r.flow_id FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id
     WHERE t.member_id = ANY($1::uuid[]) AND t.state = 'pending' AND ($2::uuid[] IS NULL OR t.form_id = ANY($2)) ORDER BY t.id`,
    [[me, ...absentees(aways)], ctx.key?.forms ? [...ctx.key.forms] : null],
  );
  const mine = rows.filter((row) => row.member_id === me || substituteOf(aways, row.member_id, row.flow_id) === me);
  return createHash('sha256')
    .update(mine.map(({ id }) => id).join())
    .digest('base64url')
    .slice(0, 16);
}
