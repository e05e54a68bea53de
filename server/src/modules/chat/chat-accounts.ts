import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { Channel } from './connection.js';

/** Userids are compared without case (D13). */
export function userKey(userid: string): string {
  return userid.toLowerCase();
}

/** The person behind a userid, across tenants: two apps of one corp show the same one. Plain corp ids have no case. */
export function personKey(channel: Channel, corpId: string, userid: string): string {
  return `${channel}:${corpId.toLowerCase()}:${userKey(userid)}`;
}

/** Which member a platform's user is: `lianke.chat_account`. */
@Injectable()
export class ChatAccounts {
  constructor(private readonly database: Database) {}

  /** The active member of a userid; null when the userid is unknown or its member has left. */
  memberOf(ctx: { tenantId: TenantId }, connectionId: ConnectionId, userid: string): Promise<MemberId | null> {
    return this.database.withTenant(ctx, (tx) => this.memberIn(tx, connectionId, userid));
  }

  async memberIn(tx: Tx, connectionId: ConnectionId, userid: string): Promise<MemberId | null> {
    const [row] = await tx.sql<{ member_id: MemberId }>(
      `SELECT a.member_id FROM lianke.chat_account a
       JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id AND m.state = 'active'
       WHERE a.connection_id = $1 AND a.userid_key = $2`,
      [connectionId, userKey(userid)],
    );
    return row?.member_id ?? null;
  }

  /** Where an active member can be written to, oldest connection first; null for a member without chat. */
  async addressIn(tx: Tx, memberId: MemberId): Promise<{ connectionId: ConnectionId; userid: string } | null> {
    const [row] = await tx.sql<{ connection_id: ConnectionId; userid: string }>(
      `SELECT a.connection_id, a.userid FROM lianke.chat_account a
       JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id AND m.state = 'active'
       JOIN lianke.chat_connection c ON c.tenant_id = a.tenant_id AND c.id = a.connection_id AND c.secret_cipher IS NOT NULL
       WHERE a.member_id = $1 ORDER BY c.created_at, a.created_at LIMIT 1`,
      [memberId],
    );
    return row ? { connectionId: row.connection_id, userid: row.userid } : null;
  }

  /** Binds a userid to a member, or to another one. Also links the person with himself in other tenants of the corp. */
  async bind(
    tx: Tx,
    connection: { tenantId: TenantId; id: ConnectionId; channel: Channel; corpId: string },
    accounts: readonly { userid: string; memberId: MemberId }[],
  ): Promise<void> {
    const values = [
      connection.tenantId,
      accounts.map((account) => userKey(account.userid)),
      accounts.map((account) => account.memberId),
    ] as const;
    await tx.run(
      `INSERT INTO lianke.chat_account (tenant_id, userid_key, member_id, connection_id, userid)
       SELECT $1, k, m, $4, u FROM unnest($2::text[], $3::uuid[], $5::text[]) AS x(k, m, u)
       ON CONFLICT (tenant_id, connection_id, userid_key) DO UPDATE SET member_id = excluded.member_id, userid = excluded.userid`,
      [...values, connection.id, accounts.map((account) => account.userid)],
    );
    await tx.run(
      `WITH wanted AS (SELECT k, m FROM unnest($2::text[], $3::uuid[]) AS x(k, m)),
       moved AS (DELETE FROM lianke.person_link p USING wanted w WHERE p.person_key = w.k AND p.member_id <> w.m)
       INSERT INTO lianke.person_link (tenant_id, person_key, member_id) SELECT $1, k, m FROM wanted ON CONFLICT DO NOTHING`,
      [
        connection.tenantId,
        accounts.map((account) => personKey(connection.channel, connection.corpId, account.userid)),
        values[2],
      ],
    );
  }

  /** Forgets a userid: its member can no longer log in or be written to through this connection. */
  async unbind(
    tx: Tx,
    connection: { id: ConnectionId; channel: Channel; corpId: string },
    userids: readonly string[],
  ): Promise<void> {
    await tx.run('DELETE FROM lianke.chat_account WHERE connection_id = $1 AND userid_key = ANY($2)', [
      connection.id,
      userids.map(userKey),
    ]);
    await tx.run('DELETE FROM lianke.person_link WHERE person_key = ANY($1)', [
      userids.map((userid) => personKey(connection.channel, connection.corpId, userid)),
    ]);
  }
}
