import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { MemberChannels } from '../../engine/ports.js';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Channel } from './connection.js';

/** Which chats members have, for the list of members. */
@Injectable()
export class ChatMemberChannels extends MemberChannels {
  constructor(private readonly database: Database) {
    super();
  }

  async of(ctx: TenantContext): Promise<ReadonlyMap<MemberId, Channel[]>> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ member_id: MemberId; channel: Channel }>(
        `SELECT DISTINCT a.member_id, c.channel FROM lianke.chat_account a
         JOIN lianke.chat_connection c ON c.tenant_id = a.tenant_id AND c.id = a.connection_id ORDER BY a.member_id, c.channel`,
      ),
    );
    return new Map([...groupBy(rows, (row) => row.member_id)].map(([id, own]) => [id, own.map((row) => row.channel)]));
  }

  /** Chats of one member, and the one he chose for his messages. */
  async choiceOf(
    ctx: { tenantId: TenantId },
    memberId: MemberId,
  ): Promise<{ channels: Channel[]; choice: Channel | null }> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ channel: Channel; chosen: boolean }>(
        `SELECT DISTINCT c.channel, (w.channel = c.channel) IS TRUE AS chosen FROM lianke.chat_account a
         JOIN lianke.chat_connection c ON c.id = a.connection_id AND c.secret_cipher IS NOT NULL
         LEFT JOIN lianke.chat_choice w ON w.member_id = a.member_id
         WHERE a.member_id = $1 ORDER BY c.channel`,
        [memberId],
      ),
    );
    return { channels: rows.map((row) => row.channel), choice: rows.find((row) => row.chosen)?.channel ?? null };
  }

  /** Where a member wants his messages from now on; null leaves it to us. */
  async choose(ctx: { tenantId: TenantId }, memberId: MemberId, channel: Channel | null): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      if (channel === null) await tx.run('DELETE FROM lianke.chat_choice WHERE member_id = $1', [memberId]);
      else {
        await tx.run(
          `INSERT INTO lianke.chat_choice (tenant_id, member_id, channel) VALUES ($1, $2, $3)
           ON CONFLICT (tenant_id, member_id) DO UPDATE SET channel = excluded.channel`,
          [ctx.tenantId, memberId, channel],
        );
      }
    });
  }
}
