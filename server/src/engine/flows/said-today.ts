import { createHash } from 'node:crypto';
import type { CardWords } from '@lianke/shared/chat/cards';
import type { MemberId } from '@lianke/shared/ids';
import { dateIn } from '@lianke/shared/time/zone';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';

/** Of the members those who were not told the very same about the same thing today; noted as told from now on. */
export async function notYetTold(
  tx: Tx,
  ctx: TenantContext,
  to: readonly MemberId[],
  card: Pick<CardWords, 'title' | 'facts' | 'path'>,
  now: Date,
): Promise<MemberId[]> {
  if (to.length === 0) return [];
  const text = JSON.stringify([card.title, card.facts, card.path]);
  const rows = await tx.sql<{ member_id: MemberId }>(
    `INSERT INTO lianke.said (tenant_id, member_id, day, text_hash, at) SELECT $1, m, $2, $3, $5 FROM unnest($4::uuid[]) AS m
     ON CONFLICT DO NOTHING RETURNING member_id`,
    [ctx.tenantId, dateIn(ctx.timeZone, now), createHash('sha256').update(text).digest('base64url'), [...to], now],
  );
  const fresh = new Set(rows.map((row) => row.member_id));
  return to.filter((id) => fresh.has(id));
}
