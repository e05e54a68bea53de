import { randomBytes } from 'node:crypto';
import type { MemberId, SessionId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { ResolvedSession } from '../../kernel/http/session-resolver.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { TokenLookup } from './token-lookup.js';
import { hashToken, newToken } from './tokens.js';

/** A log-in lasts so long, in seconds; revocation does not wait for it. */
export const sessionSeconds = 30 * 24 * 3600;
const maxUserAgent = 300;

interface SessionRow {
  session_id: SessionId;
  tenant_id: TenantId;
  member_id: MemberId;
  door: 'console' | 'miniapp';
  time_zone: string;
  access_version: number;
  schema_version: number;
}

export type LoginChannel = 'password' | 'wecom' | 'dingtalk';

export interface NewSession {
  memberId: MemberId;
  channel: LoginChannel;
  /** Which person of which corp the log-in proved; null for passwords. */
  personKey: string | null;
  door: 'console' | 'miniapp';
  address: string;
  userAgent: string;
}

/** Sessions as hashed rows, read anew at every request: revoking one is deleting it. */
@Injectable()
export class SessionService {
  private readonly lookup: TokenLookup<SessionRow>;

  constructor(private readonly database: Database) {
    this.lookup = new TokenLookup(database, 'SELECT * FROM lianke.resolve_sessions($1::bytea[])');
  }

  /** Starts a session; the token is not kept anywhere here. */
  create(ctx: { tenantId: TenantId }, session: NewSession): Promise<string> {
    return this.database.withTenant(ctx, (tx) => this.createIn(tx, ctx.tenantId, session));
  }

  async createIn(tx: Tx, tenantId: TenantId, session: NewSession): Promise<string> {
    const token = newToken();
    const { memberId } = session;
    await tx.run('DELETE FROM lianke.session WHERE member_id = $1 AND expires_at < clock_timestamp()', [memberId]);
    await tx.run(
      `INSERT INTO lianke.session (tenant_id, id, token_hash, member_id, channel, person_key, door, address, user_agent, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + make_interval(secs => $10))`,
      [
        tenantId,
        uuid7(),
        hashToken(token),
        memberId,
        session.channel,
        session.personKey,
        session.door,
        session.address,
        session.userAgent.slice(0, maxUserAgent),
        sessionSeconds,
      ],
    );
    await tx.run(
      `INSERT INTO lianke.audit (tenant_id, id, actor_id, action, object, detail, address) VALUES ($1, $2, $3, 'login', NULL, $4, $5)`,
      [tenantId, uuid7(), memberId, { channel: session.channel, door: session.door }, session.address],
    );
    return token;
  }

  /** One call of the directory: the session, while it has not expired and its member is active. */
  async resolve(token: string): Promise<ResolvedSession<TenantContext> | null> {
    const row = await this.lookup.find(hashToken(token));
    if (!row) return null;
    return {
      sessionId: row.session_id,
      memberId: row.member_id,
      ctx: {
        tenantId: row.tenant_id,
        timeZone: row.time_zone,
        actor: { kind: 'member', memberId: row.member_id },
        cause: { door: row.door, depth: 0 },
        accessVersion: row.access_version,
        schemaVersion: row.schema_version,
        traceId: randomBytes(8).toString('hex'),
      },
    };
  }

  /** How a running session began. */
  facts(
    ctx: { tenantId: TenantId },
    sessionId: string,
  ): Promise<{ channel: LoginChannel; personKey: string | null; door: 'console' | 'miniapp' }> {
    return this.database.withTenant(ctx, async (tx) => {
      const [row] = await tx.sql<{ channel: LoginChannel; person_key: string | null; door: 'console' | 'miniapp' }>(
        'SELECT channel, person_key, door FROM lianke.session WHERE id = $1',
        [sessionId],
      );
      // Revoked since the guard looked: nothing was proved.
      return { channel: row?.channel ?? 'password', personKey: row?.person_key ?? null, door: row?.door ?? 'console' };
    });
  }

  async revoke(ctx: { tenantId: TenantId }, sessionId: string): Promise<void> {
    await this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.session WHERE id = $1', [sessionId]));
  }

  /** Ends every session of a member, on all devices. */
  async revokeAll(ctx: { tenantId: TenantId }, memberId: MemberId): Promise<void> {
    await this.database.withTenant(ctx, (tx) => this.revokeAllIn(tx, memberId));
  }

  async revokeAllIn(tx: Tx, memberId: MemberId): Promise<void> {
    await tx.run('DELETE FROM lianke.session WHERE member_id = $1', [memberId]);
  }
}
