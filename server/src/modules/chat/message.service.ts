import type { Card } from '@lianke/shared/chat/cards';
import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { type Notification, type NotificationOutcome, Notifier } from '../../engine/ports.js';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';

/** How long a mergeable message waits for others to the same member, in seconds. */
export const mergeQuietSeconds = 1;

/** Writes the outbox; {@link MessageSender} empties it. */
@Injectable()
export class MessageService extends Notifier {
  private ring: () => void = () => undefined;

  /** Registers who is told that there is something to send. */
  onQueued(ring: () => void): void {
    this.ring = ring;
  }

  async enqueue(tx: Tx, ctx: TenantContext, notification: Notification): Promise<void> {
    await this.insert(tx, ctx, notification, null);
  }

  /** The same through one connection only; answers the message's id. For test cards. */
  async enqueueVia(
    tx: Tx,
    ctx: TenantContext,
    to: { connectionId: ConnectionId; memberId: MemberId },
    message: { card: Card; key: string },
  ): Promise<string> {
    const about = { kind: 'none', id: null } as const;
    const [id] = await this.insert(tx, ctx, { ...message, to: [to.memberId], about }, to.connectionId);
    if (!id) throw new Error(`the message ${message.key} exists already`);
    return id;
  }

  async update(tx: Tx, ctx: TenantContext, { about, outcome, by }: NotificationOutcome): Promise<void> {
    if (about.id === null) return;
    await tx.run(
      `UPDATE lianke.message
       SET outcome = $4, outcome_by = $5, outcome_state = 'pending', attempts = 0, ready_at = clock_timestamp()
       WHERE tenant_id = $1 AND about_kind = $2 AND about_id = $3 AND state IN ('queued','sent')`,
      [ctx.tenantId, about.kind, about.id, outcome, by],
    );
    tx.afterCommit(() => this.ring());
  }

  /** Shows a result on one copy only. */
  async updateOne(tx: Tx, ctx: { tenantId: string }, messageId: string, outcome: string): Promise<void> {
    await tx.run(
      `UPDATE lianke.message
       SET outcome = $3, outcome_state = 'pending', attempts = 0, ready_at = clock_timestamp()
       WHERE tenant_id = $1 AND id = $2 AND state IN ('queued','sent')`,
      [ctx.tenantId, messageId, outcome],
    );
    tx.afterCommit(() => this.ring());
  }

  private async insert(
    tx: Tx,
    ctx: TenantContext,
    { card, to, key, about, mergeable = false }: Notification,
    connectionId: ConnectionId | null,
  ): Promise<string[]> {
    const members = [...new Set(to)];
    if (members.length === 0) return [];
    const rows = await tx.sql<{ id: string }>(
      `INSERT INTO lianke.message (tenant_id, id, member_id, key, card, about_kind, about_id, mergeable, connection_id, ready_at)
       SELECT $1, x.id, x.member_id, $4, $5, $6, $7, $8, $9,
         clock_timestamp() + CASE WHEN $8 THEN make_interval(secs => $10) ELSE interval '0' END
       FROM unnest($2::uuid[], $3::uuid[]) AS x(id, member_id)
       ON CONFLICT (tenant_id, key, member_id) DO NOTHING
       RETURNING id`,
      [
        ctx.tenantId,
        members.map(() => uuid7()),
        members,
        key,
        { ...card },
        about.kind,
        about.id,
        mergeable,
        connectionId,
        mergeQuietSeconds,
      ],
    );
    tx.afterCommit(() => this.ring());
    return rows.map((row) => row.id);
  }
}
