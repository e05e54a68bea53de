import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { SecretBox } from '../../kernel/secrets/secret-box.js';
import type { Connection } from './connection.js';

export interface FetchedToken {
  token: string;
  /** Seconds of life left, by the platform's word. */
  expiresIn: number;
}

/** The platform calls that the lease waits for: far longer than their time-out, far shorter than a token's life. */
const leaseSeconds = 20;
const pollMs = 100;
/** Renewed so long before the end, because the platform and we count from different moments. */
const marginSeconds = 300;

/** What of a connection is kept: its token, or a ticket that signs pages. */
export type TokenKind = 'token' | 'page' | 'agent';

export interface TokenStoreOptions {
  /** Waits real time; replaced by tests. */
  wait?: (ms: number) => Promise<void>;
  /** Milliseconds; only for how long this process trusts its own copy. */
  now?: () => number;
}

/**
 * Platform tokens, shared by all processes as one row a connection (reference D1–D4). Whoever takes the row's lease fetches
 * a token, with no transaction open meanwhile, and stores it only if its lease still stands; all others wait for the row.
 * Within a process there is one fetch at a time.
 */
@Injectable()
export class TokenStore {
  private readonly known = new Map<string, { token: string; until: number }>();
  private readonly flights = new Map<string, Promise<string>>();
  private readonly wait: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    options: TokenStoreOptions = {},
  ) {
    this.wait = options.wait ?? ((ms) => new Promise((resume) => setTimeout(resume, ms)));
    this.now = options.now ?? Date.now;
  }

  /** A token, or ticket, that has not failed yet. Throws what `fetch` throws. */
  token(connection: Connection, fetch: () => Promise<FetchedToken>, kind: TokenKind = 'token'): Promise<string> {
    const key = keyOf(connection, kind);
    const known = this.known.get(key);
    if (known && known.until > this.now()) return Promise.resolve(known.token);
    const running = this.flights.get(key);
    if (running) return running;
    const flight = this.obtain(connection, fetch, kind).finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }

  /** Declares a token bad, but only while it is still the stored one: a newer one must not be thrown away (D2). */
  async reject(connection: Connection, token: string): Promise<void> {
    const key = keyOf(connection, 'token');
    if (this.known.get(key)?.token === token) this.known.delete(key);
    await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_token SET expires_at = '-infinity' WHERE connection_id = $1 AND kind = 'token' AND token_hash = $2`,
        [connection.id, hashOf(token)],
      ),
    );
  }

  private async obtain(connection: Connection, fetch: () => Promise<FetchedToken>, kind: TokenKind): Promise<string> {
    for (let waited = 0; ; waited += pollMs) {
      const step = await this.readOrLease(connection, kind);
      if (step.token !== undefined) return this.remember(connection, kind, step.token, step.secondsLeft);
      if (step.epoch !== undefined) {
        const stored = await this.fetchAndStore(connection, kind, step.epoch, fetch);
        if (stored !== null) return stored;
      } else if (waited >= leaseSeconds * 2000) {
        throw new Error(`another process holds the token lease of connection ${connection.id}`);
      } else {
        await this.wait(pollMs);
      }
    }
  }

  private readOrLease(
    connection: Connection,
    kind: TokenKind,
  ): Promise<{ token: string; secondsLeft: number; epoch?: undefined } | { token?: undefined; epoch?: number }> {
    return this.database.withTenant(connection, async (tx) => {
      const [row] = await tx.sql<{ token_cipher: string; seconds_left: number }>(
        `SELECT token_cipher, extract(epoch FROM expires_at - clock_timestamp())::float8 AS seconds_left
         FROM lianke.chat_token
         WHERE connection_id = $1 AND kind = $2 AND token_cipher IS NOT NULL AND expires_at > clock_timestamp()`,
        [connection.id, kind],
      );
      if (row)
        return {
          token: this.secrets.decrypt(row.token_cipher, contextOf(connection, kind)),
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

  /** Null when the lease was lost meanwhile: whoever has it now stores the newer token. */
  private async fetchAndStore(
    connection: Connection,
    kind: TokenKind,
    epoch: number,
    fetch: () => Promise<FetchedToken>,
  ): Promise<string | null> {
    let fetched: FetchedToken;
    try {
      fetched = await fetch();
    } catch (error) {
      await this.database.withTenant(connection, (tx) =>
        tx.run(
          'UPDATE lianke.chat_token SET lease_until = NULL WHERE connection_id = $1 AND epoch = $2 AND kind = $3',
          [connection.id, epoch, kind],
        ),
      );
      throw error;
    }
    // Asked again shortly before the end, platforms answer the same token with the little life it has left.
    const margin = fetched.expiresIn > 2 * marginSeconds ? marginSeconds : 10;
    const seconds = Math.max(1, fetched.expiresIn - margin);
    const stored = await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_token SET token_cipher = $3, token_hash = $4, lease_until = NULL,
           expires_at = clock_timestamp() + make_interval(secs => $5)
         WHERE connection_id = $1 AND epoch = $2 AND kind = $6`,
        [
          connection.id,
          epoch,
          this.secrets.encrypt(fetched.token, contextOf(connection, kind)),
          hashOf(fetched.token),
          seconds,
          kind,
        ],
      ),
    );
    return stored === 1 ? this.remember(connection, kind, fetched.token, seconds) : null;
  }

  private remember(connection: Connection, kind: TokenKind, token: string, seconds: number): string {
    this.known.set(keyOf(connection, kind), { token, until: this.now() + seconds * 1000 });
    return token;
  }
}

/** A token belongs to one corp and one app (D17): changed settings must not meet the old token. */
function keyOf(connection: Connection, kind: TokenKind): string {
  const app = `${connection.id}/${connection.corpId}/${connection.agentId}${connection.appKey ? `/${connection.appKey}` : ''}`;
  return kind === 'token' ? app : `${app}#${kind}`;
}

function contextOf(connection: Connection, kind: TokenKind): string {
  return `chat_token:${keyOf(connection, kind)}`;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
