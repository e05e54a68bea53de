import type { Words } from '@lianke/shared/errors/issue-text';
import { type ConnectionId, isUuid, type MemberId, type TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { hashToken, newPlainToken } from './tokens.js';

/** As long as the platform's code and QR live (A4). */
const lifeSeconds = 300;
const secretLetters = 32;

/** A QR on our own page, the browser's way there and back, or that way only to see that it leads back. */
export type LoginKind = 'qr' | 'redirect' | 'trial';

export interface LoginAttempt {
  tenantId: TenantId;
  id: string;
  connectionId: ConnectionId;
  kind: LoginKind;
  status: 'waiting' | 'exchanging' | 'confirming' | 'done' | 'refused' | 'collected';
  reason: string | null;
  reasonEn: string | null;
  memberId: MemberId | null;
  personKey: string | null;
  bindMemberId: MemberId | null;
  returnTo: string;
  address: string;
  userAgent: string;
  createdAt: string;
  expiresAt: string;
  expired: boolean;
  nonceHash: Buffer;
  confirmHash: Buffer | null;
}

export interface NewAttempt {
  kind: LoginKind;
  nonce: string;
  returnTo: string;
  bindMemberId: MemberId | null;
  address: string;
  userAgent: string;
}

/** What an attempt has come to know; why it was refused, in both languages. */
type Found = Partial<Pick<LoginAttempt, 'memberId' | 'personKey' | 'confirmHash'>> & { reason?: Words | null };

const columns = `tenant_id AS "tenantId", id, connection_id AS "connectionId", kind, status, reason, reason_en AS "reasonEn", member_id AS "memberId",
  person_key AS "personKey", bind_member_id AS "bindMemberId", return_to AS "returnTo", address, user_agent AS "userAgent",
  created_at AS "createdAt", expires_at AS "expiresAt", expires_at < clock_timestamp() AS expired, nonce_hash AS "nonceHash",
  confirm_hash AS "confirmHash"`;

/**
 * Log-ins under way at a platform. A state and a ticket both begin with their connection's id, which leads to the tenant;
 * what follows is random (state) or an id that only the asking browser's cookie makes useful (ticket).
 */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionRepository,
  ) {}

  async begin(
    connection: Connection,
    attempt: NewAttempt,
  ): Promise<{ state: string; ticket: string; expiresAt: string }> {
    const id = uuid7();
    const state = bare(connection.id) + newPlainToken(secretLetters);
    const [row] = await this.database.withTenant(connection, async (tx) => {
      await tx.run(`DELETE FROM lianke.login_attempt WHERE expires_at < clock_timestamp() - interval '1 hour'`);
      return tx.sql<{ expires_at: string }>(
        `INSERT INTO lianke.login_attempt
           (tenant_id, id, connection_id, kind, state_hash, nonce_hash, return_to, bind_member_id, address, user_agent, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp() + make_interval(secs => $11)) RETURNING expires_at`,
        [
          connection.tenantId,
          id,
          connection.id,
          attempt.kind,
          hashToken(state),
          hashToken(attempt.nonce),
          attempt.returnTo,
          attempt.bindMemberId,
          attempt.address,
          attempt.userAgent.slice(0, 300),
          lifeSeconds,
        ],
      );
    });
    return { state, ticket: bare(connection.id) + bare(id), expiresAt: row?.expires_at ?? '' };
  }

  /** The attempt of a state that came back, with its connection; null when there is none. */
  byState(state: string): Promise<{ attempt: LoginAttempt; connection: Connection } | null> {
    return this.find(state.slice(0, 32), 'state_hash = $2', hashToken(state));
  }

  /** The attempt of a ticket. */
  byTicket(ticket: string): Promise<{ attempt: LoginAttempt; connection: Connection } | null> {
    return this.find(ticket.slice(0, 32), 'id = $2::uuid', dashed(ticket.slice(32)));
  }

  /** Moves an attempt on, once: false when somebody else has moved it already or its time is over. */
  async advance(
    attempt: LoginAttempt,
    from: LoginAttempt['status'],
    to: LoginAttempt['status'],
    found: Found = {},
  ): Promise<boolean> {
    const moved = await this.database.withTenant(attempt, (tx) => this.advanceIn(tx, attempt, from, to, found));
    return moved;
  }

  async advanceIn(
    tx: Tx,
    attempt: LoginAttempt,
    from: LoginAttempt['status'],
    to: LoginAttempt['status'],
    found: Found = {},
  ): Promise<boolean> {
    const moved = await tx.run(
      `UPDATE lianke.login_attempt SET status = $3, reason = coalesce($4, reason), reason_en = coalesce($8, reason_en), member_id = coalesce($5, member_id),
         person_key = coalesce($6, person_key), confirm_hash = coalesce($7, confirm_hash)
       WHERE id = $1 AND status = $2 AND expires_at > clock_timestamp()`,
      [
        attempt.id,
        from,
        to,
        found.reason?.zh ?? null,
        found.memberId ?? null,
        found.personKey ?? null,
        found.confirmHash ?? null,
        found.reason?.en ?? null,
      ],
    );
    return moved === 1;
  }

  private async find(
    connectionPart: string,
    where: string,
    value: string | Buffer | null,
  ): Promise<{ attempt: LoginAttempt; connection: Connection } | null> {
    const connectionId = dashed(connectionPart);
    const connection = connectionId && value !== null ? await this.connections.find(connectionId) : null;
    if (!connection) return null;
    const [attempt] = await this.database.withTenant(connection, (tx) =>
      tx.sql<LoginAttempt>(`SELECT ${columns} FROM lianke.login_attempt WHERE connection_id = $1 AND ${where}`, [
        connection.id,
        value,
      ]),
    );
    return attempt ? { attempt, connection } : null;
  }
}

function bare(uuid: string): string {
  return uuid.replaceAll('-', '');
}

/** Thirty-two hexadecimal digits as a uuid; null for anything else. */
function dashed(text: string): string | null {
  const uuid = text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(uuid) ? uuid : null;
}
