import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { type Company, companyKey } from './company-key.js';
import type { Connection } from './connection.js';
import type { Recipient } from './port/platform.js';
import { ChatPlatforms } from './port/platforms.js';

type Account = { userid: string; memberId: MemberId; unionid?: string | null };

/** Which member a platform's user is: `lianke.chat_account`. */
@Injectable()
export class ChatAccounts {
  constructor(
    private readonly database: Database,
    private readonly platforms: ChatPlatforms,
  ) {}

  /** The person behind a userid, across tenants: two apps of one company show the same one. */
  personKey(company: Company, userid: string): string {
    return `${companyKey(company)}:${this.platforms.of(company).userKey(userid)}`;
  }

  /** The active member of a userid; null when the userid is unknown or its member has left. */
  memberOf(connection: Connection, userid: string): Promise<MemberId | null> {
    return this.database.withTenant(connection, (tx) => this.memberIn(tx, connection, userid));
  }

  async memberIn(tx: Tx, connection: Pick<Connection, 'id' | 'channel'>, userid: string): Promise<MemberId | null> {
    const [row] = await tx.sql<{ member_id: MemberId }>(
      `SELECT a.member_id FROM lianke.chat_account a
       JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id AND m.state = 'active'
       WHERE a.connection_id = $1 AND a.userid_key = $2`,
      [connection.id, this.platforms.of(connection).userKey(userid)],
    );
    return row?.member_id ?? null;
  }

  /** The active member of somebody whom the platform names by his id across the apps of one developer. */
  async memberOfUnion(tx: Tx, connection: Pick<Connection, 'id'>, unionid: string): Promise<MemberId | null> {
    const [row] = await tx.sql<{ member_id: MemberId }>(
      `SELECT a.member_id FROM lianke.chat_account a
       JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id AND m.state = 'active'
       WHERE a.connection_id = $1 AND a.unionid = $2`,
      [connection.id, unionid],
    );
    return row?.member_id ?? null;
  }

  /** Whether a userid is anybody's, even a leaver's. */
  async boundIn(tx: Tx, connection: Pick<Connection, 'id' | 'channel'>, userid: string): Promise<boolean> {
    return (await this.anyoneIn(tx, connection, userid)) !== null;
  }

  /** The member of a userid, a leaver too. */
  async anyoneIn(tx: Tx, connection: Pick<Connection, 'id' | 'channel'>, userid: string): Promise<MemberId | null> {
    const [row] = await tx.sql<{ member_id: MemberId }>(
      'SELECT member_id FROM lianke.chat_account WHERE connection_id = $1 AND userid_key = $2',
      [connection.id, this.platforms.of(connection).userKey(userid)],
    );
    return row?.member_id ?? null;
  }

  /**
   * Where an active member can be written to: at the platform he chose, where he has an account there, else through the
   * oldest connection; where an app is not for him, only when there is no other. Null for a member without chat.
   */
  async addressIn(tx: Tx, memberId: MemberId): Promise<({ connectionId: ConnectionId } & Recipient) | null> {
    const [row] = await tx.sql<{ connectionId: ConnectionId } & Recipient>(
      `SELECT a.connection_id AS "connectionId", a.userid, a.unionid FROM lianke.chat_account a
       JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id AND m.state = 'active'
       JOIN lianke.chat_connection c ON c.tenant_id = a.tenant_id AND c.id = a.connection_id AND c.secret_cipher IS NOT NULL
       LEFT JOIN lianke.chat_choice w ON w.tenant_id = a.tenant_id AND w.member_id = a.member_id
       WHERE a.member_id = $1 ORDER BY a.out_of_range, (c.channel = w.channel) IS TRUE DESC, c.created_at, a.created_at LIMIT 1`,
      [memberId],
    );
    return row ?? null;
  }

  /** Binds a userid to a member, or to another one. Also links the person with himself in other tenants of the corp. */
  async bind(
    tx: Tx,
    connection: Pick<Connection, 'tenantId' | 'id'> & Company,
    accounts: readonly Account[],
  ): Promise<void> {
    const platform = this.platforms.of(connection);
    const members = accounts.map((account) => account.memberId);
    await tx.run(
      `INSERT INTO lianke.chat_account (tenant_id, userid_key, member_id, connection_id, userid, unionid)
       SELECT $1, k, m, $4, u, n FROM unnest($2::text[], $3::uuid[], $5::text[], $6::text[]) AS x(k, m, u, n)
       ON CONFLICT (tenant_id, connection_id, userid_key) DO UPDATE
         SET member_id = excluded.member_id, userid = excluded.userid, unionid = coalesce(excluded.unionid, chat_account.unionid)`,
      [
        connection.tenantId,
        accounts.map((account) => platform.userKey(account.userid)),
        members,
        connection.id,
        accounts.map((account) => account.userid),
        accounts.map((account) => account.unionid ?? null),
      ],
    );
    await tx.run(
      `WITH wanted AS (SELECT k, m FROM unnest($2::text[], $3::uuid[]) AS x(k, m)),
       moved AS (DELETE FROM lianke.person_link p USING wanted w WHERE p.person_key = w.k AND p.member_id <> w.m)
       INSERT INTO lianke.person_link (tenant_id, person_key, member_id) SELECT $1, k, m FROM wanted ON CONFLICT DO NOTHING`,
      [connection.tenantId, accounts.map((account) => this.personKey(connection, account.userid)), members],
    );
  }

  /**
   * Takes a userid from its member, who can no longer log in or be written to through this connection. Whose it was is kept:
   * somebody who comes back to it is the same member again.
   */
  async unbind(tx: Tx, connection: Pick<Connection, 'id'> & Company, userids: readonly string[]): Promise<void> {
    const platform = this.platforms.of(connection);
    await tx.run(
      `WITH gone AS (
         DELETE FROM lianke.chat_account WHERE connection_id = $1 AND userid_key = ANY($2)
         RETURNING tenant_id, connection_id, userid_key, unionid, member_id)
       INSERT INTO lianke.chat_former_account (tenant_id, connection_id, userid_key, unionid, member_id) SELECT * FROM gone
       ON CONFLICT (tenant_id, connection_id, userid_key) DO UPDATE
         SET member_id = excluded.member_id, unionid = excluded.unionid, ended_at = excluded.ended_at`,
      [connection.id, userids.map((userid) => platform.userKey(userid))],
    );
    await tx.run('DELETE FROM lianke.person_link WHERE person_key = ANY($1)', [
      userids.map((userid) => this.personKey(connection, userid)),
    ]);
  }
}
