import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { SecretBox } from '../../kernel/secrets/secret-box.js';
import type { Connection } from './connection.js';
import {
  type FetchedToken,
  hashOf,
  LeasedTokens,
  leaseSeconds,
  type TokenStep,
  type TokenStoreOptions,
} from './leased-tokens.js';

export type { FetchedToken } from './leased-tokens.js';

/** What of a connection is kept: its token, one for DingTalk's older interface alone, or a ticket that signs pages. */
export type TokenKind = 'token' | 'old' | 'page' | 'agent';

/** Tokens and tickets of connections: rows of `lianke.chat_token`. */
@Injectable()
export class TokenStore extends LeasedTokens<Connection, TokenKind> {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    options: TokenStoreOptions = {},
  ) {
    super(options);
  }

  /** A token, or ticket, that has not failed yet. Throws what `fetch` throws. */
  token(connection: Connection, fetch: () => Promise<FetchedToken>, kind: TokenKind = 'token'): Promise<string> {
    return this.obtain(connection, kind, fetch);
  }

  /** Declares a token bad, but only while it is still the stored one (D2). */
  reject(connection: Connection, token: string, kind: TokenKind = 'token'): Promise<void> {
    return this.forget(connection, kind, token);
  }

  /** A token belongs to one corp and one app (D17): changed settings must not meet the old token. */
  protected keyOf(connection: Connection, kind: TokenKind): string {
    const app = `${connection.id}/${connection.corpId}/${connection.agentId}${connection.appKey ? `/${connection.appKey}` : ''}`;
    return kind === 'token' ? app : `${app}#${kind}`;
  }

  protected async end(connection: Connection, kind: TokenKind, hash: Buffer): Promise<void> {
    await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_token SET expires_at = '-infinity' WHERE connection_id = $1 AND kind = $3 AND token_hash = $2`,
        [connection.id, hash, kind],
      ),
    );
  }

  protected readOrLease(connection: Connection, kind: TokenKind): Promise<TokenStep> {
    return this.database.withTenant(connection, async (tx): Promise<TokenStep> => {
      const [row] = await tx.sql<{ token_cipher: string; seconds_left: number }>(
        `SELECT token_cipher, extract(epoch FROM expires_at - clock_timestamp())::float8 AS seconds_left
         FROM lianke.chat_token
         WHERE connection_id = $1 AND kind = $2 AND token_cipher IS NOT NULL AND expires_at > clock_timestamp()`,
        [connection.id, kind],
      );
      if (row)
        return {
          token: this.secrets.decrypt(row.token_cipher, this.contextOf(connection, kind)),
          secondsLeft: row.seconds_left,
        };
      const [lease] = await tx.sql<{ epoch: number }>(
        `INSERT INTO lianke.chat_token AS t (tenant_id, connection_id, kind, epoch, lease_until)
         VALUES ($1, $2, $4, 1, clock_timestamp() + make_interval(secs => $3))
         ON CONFLICT (tenant_id, connection_id, kind) DO UPDATE
           SET epoch = t.epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $3)
           WHERE (t.lease_until IS NULL OR t.lease_until < clock_timestamp())
             AND (t.expires_at IS NULL OR t.expires_at <= clock_timestamp())
         RETURNING epoch`,
        [connection.tenantId, connection.id, leaseSeconds, kind],
      );
      return lease ? { epoch: lease.epoch } : {};
    });
  }

  protected async release(connection: Connection, kind: TokenKind, epoch: number): Promise<void> {
    await this.database.withTenant(connection, (tx) =>
      tx.run('UPDATE lianke.chat_token SET lease_until = NULL WHERE connection_id = $1 AND epoch = $2 AND kind = $3', [
        connection.id,
        epoch,
        kind,
      ]),
    );
  }

  protected async store(
    connection: Connection,
    kind: TokenKind,
    epoch: number,
    { token, expiresIn }: FetchedToken,
  ): Promise<boolean> {
    const stored = await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_token SET token_cipher = $3, token_hash = $4, lease_until = NULL,
           expires_at = clock_timestamp() + make_interval(secs => $5)
         WHERE connection_id = $1 AND epoch = $2 AND kind = $6`,
        [
          connection.id,
          epoch,
          this.secrets.encrypt(token, this.contextOf(connection, kind)),
          hashOf(token),
          expiresIn,
          kind,
        ],
      ),
    );
    return stored === 1;
  }

  private contextOf(connection: Connection, kind: TokenKind): string {
    return `chat_token:${this.keyOf(connection, kind)}`;
  }
}
