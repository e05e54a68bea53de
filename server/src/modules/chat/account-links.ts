import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import { bumpAccess } from '../../engine/versions.js';
import type { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { ChatAccounts } from './chat-accounts.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import type { OrgSync } from './org/org-sync.js';
import type { SyncRepository } from './org/sync.repository.js';
import { leavers } from './org/sync-plan.js';

type View = AnswerOf<'connections.accounts'>['items'][number];

const accountsSql = `
  SELECT a.userid, m.id AS member_id, m.name, m.state, s.id AS suggested_id, s.name AS suggested_name, s.title AS suggested_title
  FROM lianke.chat_account a
  JOIN lianke.member m ON m.id = a.member_id
  LEFT JOIN LATERAL (
    -- Somebody of the same name whom another way brought, while this member is known through this connection only.
    SELECT o.id, o.name, o.title FROM lianke.member o
    WHERE o.name = m.name AND o.id <> m.id AND o.state = 'active' AND m.source = $2
      AND NOT EXISTS (SELECT 1 FROM lianke.chat_account x WHERE x.member_id = m.id AND x.connection_id <> $1)
      AND NOT EXISTS (SELECT 1 FROM lianke.chat_account x WHERE x.member_id = o.id AND x.connection_id = $1)
    ORDER BY o.created_at, o.id LIMIT 1) s ON true
  WHERE a.connection_id = $1 ORDER BY s.id IS NULL, m.name, a.userid`;

/**
 * Which member each account of a connection is, and putting that right. People of two platforms are found to be one by their
 * mobile number where both platforms show it; elsewhere an administrator says so, because names alone prove nothing.
 */
export class AccountLinks {
  constructor(
    private readonly parts: {
      database: Database;
      connections: ConnectionRepository;
      accounts: ChatAccounts;
      repository: SyncRepository;
      sync: OrgSync;
    },
  ) {}

  async list(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<View[]> {
    const connection = await this.require(ctx, id);
    const rows = await this.parts.database.withTenant(ctx, (tx) =>
      tx.sql<{
        userid: string;
        member_id: MemberId;
        name: string;
        state: View['state'];
        suggested_id: MemberId | null;
        suggested_name: string;
        suggested_title: string | null;
      }>(accountsSql, [id, connection.channel]),
    );
    return rows.map((row) => ({
      userid: row.userid,
      member: { id: row.member_id, label: row.name },
      state: row.state,
      suggestion: row.suggested_id
        ? { id: row.suggested_id, label: [row.suggested_name, row.suggested_title].filter(Boolean).join(' · ') }
        : null,
    }));
  }

  /**
   * Makes an account that of another member. Whom the synchronisation had made for it leaves, when no other way leads to him:
   * what he owns is handed over like any leaver's.
   */
  async link(ctx: { tenantId: TenantId }, id: ConnectionId, userid: string, memberId: MemberId): Promise<void> {
    const connection = await this.require(ctx, id);
    await this.parts.database.withTenant(ctx, async (tx) => {
      await this.parts.repository.lock(tx, connection);
      const [account] = await tx.sql<{ member_id: MemberId; unionid: string | null }>(
        'SELECT member_id, unionid FROM lianke.chat_account WHERE connection_id = $1 AND userid = $2',
        [id, userid],
      );
      const [member] = await tx.sql<{ name: string }>(
        `SELECT name FROM lianke.member WHERE id = $1 AND state = 'active'`,
        [memberId],
      );
      if (!member) throw new AppError('not_found');
      if (!account)
        throw refusal('invalid_request', {
          zh: `连接里没有 userid 为“${userid}”的人，请先同步通讯录`,
          en: `The connection has nobody with the userid "${userid}"; synchronise the contacts first`,
        });
      if (account.member_id === memberId) return;
      const taken = await tx.sql('SELECT 1 FROM lianke.chat_account WHERE connection_id = $1 AND member_id = $2', [
        id,
        memberId,
      ]);
      if (taken.length > 0)
        throw refusal('wrong_state', {
          zh: `${member.name} 在这个连接里已经有账号，一个人只对应一个账号`,
          en: `${member.name} already has an account in this connection, and one is all`,
        });
      await this.parts.accounts.bind(tx, connection, [{ userid, memberId, unionid: account.unionid }]);
      await this.dismissFormer(tx, connection, account.member_id);
      await bumpAccess(tx, ctx.tenantId);
    });
    // Departments and managers of the account become those of its member.
    await this.parts.sync.refresh(connection, userid);
  }

  private async dismissFormer(tx: Tx, connection: Connection, former: MemberId): Promise<void> {
    // Whoever came in with this account came in as somebody he is not.
    await tx.run('DELETE FROM lianke.session WHERE member_id = $1 AND channel = $2', [former, connection.channel]);
    const known = await this.parts.repository.known(tx, connection);
    const [made] = await tx.sql<{ id: MemberId }>(
      'SELECT id FROM lianke.member WHERE id = $1 AND source = $2 AND password_hash IS NULL',
      [former, connection.channel],
    );
    const leaving = made ? leavers(known, [former]) : [];
    await tx.run(`UPDATE lianke.member SET state = 'left' WHERE id = ANY($1::uuid[]) AND state <> 'left'`, [leaving]);
  }

  private async require(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<Connection> {
    const connection = await this.parts.connections.ofTenant(ctx, id);
    if (!connection) throw new AppError('not_found');
    return connection;
  }
}
