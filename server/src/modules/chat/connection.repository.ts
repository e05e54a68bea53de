import { type ConnectionId, isUuid, type TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { ident } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { Said } from '../../kernel/errors/said.js';
import { SecretBox } from '../../kernel/secrets/secret-box.js';
import { companyKey } from './company-key.js';
import type { Channel, Connection, ConnectionSettings, ConnectionState, SyncState } from './connection.js';

interface Row {
  tenant_id: TenantId;
  id: ConnectionId;
  channel: Channel;
  suite_id: string | null;
  name: string;
  corp_id: string;
  agent_id: string;
  app_key: string | null;
  settings: ConnectionSettings;
  secret_cipher: string | null;
  proxy_cipher: string | null;
  callback_token: string;
  callback_aes_key_cipher: string;
  state: ConnectionState;
}

/** What the log-in page may show of a tenant. `connectionId` is null where none is set up. */
export interface LoginConnection {
  tenantId: TenantId;
  tenantKey: string;
  tenantName: string;
  passwordLogin: boolean;
  connection: { id: ConnectionId; channel: Channel; name: string; corpId: string | null } | null;
}

/** Rows of `lianke.chat_connection`; the only place where their secrets are encrypted and decrypted. */
@Injectable()
export class ConnectionRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  /** The connection named by an id that came from outside, whatever tenant it belongs to. */
  async find(id: string): Promise<Connection | null> {
    if (!isUuid(id)) return null;
    const [row] = await this.database.control<{ tenant_id: TenantId | null }>(
      'SELECT lianke.connection_tenant($1) AS tenant_id',
      [id],
    );
    return row?.tenant_id ? this.ofTenant({ tenantId: row.tenant_id }, id as ConnectionId) : null;
  }

  ofTenant(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<Connection | null> {
    return this.database.withTenant(ctx, (tx) => this.within(tx, id));
  }

  async within(tx: Tx, id: ConnectionId): Promise<Connection | null> {
    const [row] = await tx.sql<Row>('SELECT * FROM lianke.chat_connection WHERE id = $1', [id]);
    return row ? this.plain(row) : null;
  }

  list(ctx: { tenantId: TenantId }): Promise<Connection[]> {
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<Row>('SELECT * FROM lianke.chat_connection ORDER BY created_at, id');
      return rows.map((row) => this.plain(row));
    });
  }

  /** Connections by tenant key, or of every tenant; for the log-in page, before anybody is known. */
  async forLogin(tenantKey: string | null): Promise<LoginConnection[]> {
    const rows = await this.database.control<{
      tenant_id: TenantId;
      tenant_key: string;
      tenant_name: string;
      password_login: boolean;
      connection_id: ConnectionId | null;
      channel: Channel;
      name: string;
      corp_id: string | null;
    }>('SELECT * FROM lianke.login_connections($1)', [tenantKey]);
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      tenantKey: row.tenant_key,
      tenantName: row.tenant_name,
      passwordLogin: row.password_login,
      connection: row.connection_id
        ? { id: row.connection_id, channel: row.channel, name: row.name, corpId: row.corp_id }
        : null,
    }));
  }

  async insert(tx: Tx, connection: Connection): Promise<void> {
    await tx.run(
      `INSERT INTO lianke.chat_connection
         (tenant_id, id, channel, name, corp_id, agent_id, secret_cipher, callback_token, callback_aes_key_cipher, state,
          app_key, settings, suite_id, proxy_cipher)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        connection.tenantId,
        connection.id,
        connection.channel,
        connection.name,
        connection.corpId,
        connection.agentId,
        this.seal(connection, 'secret', connection.secret),
        connection.callbackToken,
        this.secrets.encrypt(connection.callbackAesKey, place(connection, 'aes')),
        { ...connection.state },
        connection.appKey,
        { ...connection.settings },
        connection.suiteId,
        this.seal(connection, 'proxy', connection.proxy),
      ],
    );
  }

  /** Writes what an administrator may change. The callback's token and key stay for ever: the platform holds them too. */
  async update(tx: Tx, connection: Connection): Promise<void> {
    await tx.run(
      `UPDATE lianke.chat_connection
       SET name = $2, corp_id = $3, agent_id = $4, secret_cipher = $5, state = $6, app_key = $7, settings = $8,
         proxy_cipher = $9 WHERE id = $1`,
      [
        connection.id,
        connection.name,
        connection.corpId,
        connection.agentId,
        this.seal(connection, 'secret', connection.secret),
        { ...connection.state },
        connection.appKey,
        { ...connection.settings },
        this.seal(connection, 'proxy', connection.proxy),
      ],
    );
  }

  /**
   * Takes a connection away with all that only means something through it. What it brought of the organisation stays, as if
   * somebody had made it by hand; a log-in proved through it ends.
   */
  async remove(tx: Tx, { id, channel, corpId, suiteId }: Connection): Promise<void> {
    await tx.run(
      `DELETE FROM lianke.session s USING lianke.chat_account a
       WHERE a.connection_id = $1 AND s.member_id = a.member_id AND s.channel = $2`,
      [id, channel],
    );
    // Another app of the same company still proves who somebody is.
    await tx.run(
      `DELETE FROM lianke.person_link p WHERE starts_with(p.person_key, $2 || ':') AND NOT EXISTS (
         SELECT 1 FROM lianke.chat_connection c
         WHERE c.id <> $1 AND c.suite_id IS NULL AND c.channel || ':' || lower(c.corp_id) = $2)`,
      [id, companyKey({ channel, corpId, suiteId })],
    );
    await tx.run(
      `UPDATE lianke.department_member SET connection_id = NULL, source = 'manual' WHERE connection_id = $1`,
      [id],
    );
    for (const table of [
      'chat_account',
      'chat_former_account',
      'chat_token',
      'chat_stream',
      'chat_department',
      'chat_licence',
      'site_file',
      'login_attempt',
    ]) {
      await tx.run(`DELETE FROM lianke.${ident(table)} WHERE connection_id = $1`, [id]);
    }
    await tx.run(
      `UPDATE lianke.department d SET source = CASE WHEN o.connection_id IS NULL THEN 'manual' ELSE d.source END,
         connection_id = o.connection_id
       FROM lianke.department e LEFT JOIN LATERAL (
         SELECT cd.connection_id FROM lianke.chat_department cd WHERE cd.department_id = e.id ORDER BY cd.connection_id LIMIT 1
       ) o ON true
       WHERE e.connection_id = $1 AND d.id = e.id`,
      [id],
    );
    await tx.run('DELETE FROM lianke.chat_connection WHERE id = $1', [id]);
  }

  /** Merges into the state; null removes an entry. */
  async note(
    tx: Tx,
    id: ConnectionId,
    change: { [Key in keyof ConnectionState]?: ConnectionState[Key] | null },
  ): Promise<void> {
    await tx.run('UPDATE lianke.chat_connection SET state = jsonb_strip_nulls(state || $2::jsonb) WHERE id = $1', [
      id,
      JSON.stringify(change),
    ]);
  }

  /** Merges into what is known of the synchronisation; one that succeeded takes the place of all before. */
  async noteSync(tx: Tx, id: ConnectionId, sync: SyncState): Promise<void> {
    const kept = sync.report ? `'{}'::jsonb` : `coalesce(state->'sync', '{}')`;
    await tx.run(
      `UPDATE lianke.chat_connection SET state = jsonb_set(state, '{sync}', ${kept} || $2::jsonb) WHERE id = $1`,
      [id, JSON.stringify(sync)],
    );
  }

  /** How the last synchronisation went. */
  async syncOf(tx: Tx, id: ConnectionId): Promise<SyncState> {
    const [row] = await tx.sql<{ sync: SyncState | null }>(
      `SELECT state->'sync' AS sync FROM lianke.chat_connection WHERE id = $1`,
      [id],
    );
    return row?.sync ?? {};
  }

  /** Remembers a failure that only an administrator can mend, for the checks of the connection. */
  async noteProblem(connection: Connection, problem: Said): Promise<void> {
    if (JSON.stringify(connection.state.problem) === JSON.stringify(problem)) return;
    await this.database.withTenant(connection, (tx) => this.note(tx, connection.id, { problem }));
  }

  private plain(row: Row): Connection {
    const own = { tenantId: row.tenant_id, id: row.id };
    return {
      ...own,
      channel: row.channel,
      suiteId: row.suite_id,
      name: row.name,
      corpId: row.corp_id,
      agentId: row.agent_id,
      appKey: row.app_key,
      settings: row.settings,
      secret: this.open(own, 'secret', row.secret_cipher),
      proxy: this.open(own, 'proxy', row.proxy_cipher),
      callbackToken: row.callback_token,
      callbackAesKey: this.secrets.decrypt(row.callback_aes_key_cipher, place(own, 'aes')),
      state: row.state,
    };
  }

  private open(connection: { id: ConnectionId }, part: string, sealed: string | null): string | null {
    return sealed === null ? null : this.secrets.decrypt(sealed, place(connection, part));
  }

  private seal(connection: Connection, part: string, value: string | null): string | null {
    return value === null ? null : this.secrets.encrypt(value, place(connection, part));
  }
}

function place(connection: { id: ConnectionId }, part: string): string {
  return `connection:${connection.id}:${part}`;
}
