import type { MemberId } from '@lianke/shared/ids';
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
}
