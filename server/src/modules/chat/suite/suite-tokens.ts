import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { SecretBox } from '../../../kernel/secrets/secret-box.js';
import type { Channel } from '../connection.js';
import {
  type FetchedToken,
  hashOf,
  LeasedTokens,
  leaseSeconds,
  type TokenStep,
  type TokenStoreOptions,
} from '../leased-tokens.js';

export interface SuiteId {
  channel: Channel;
  id: string;
}

/** The app's own token, or that of the provider who owns it. */
export type SuiteTokenKind = 'suite' | 'provider';

/** Tokens of apps in directories, which are no tenant's: rows of `lianke.suite_token`. */
@Injectable()
export class SuiteTokens extends LeasedTokens<SuiteId, SuiteTokenKind> {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    options: TokenStoreOptions = {},
  ) {
    super(options);
  }

  /** A token that has not failed yet. Throws what `fetch` throws. */
  token(suite: SuiteId, kind: SuiteTokenKind, fetch: () => Promise<FetchedToken>): Promise<string> {
    return this.obtain(suite, kind, fetch);
  }

  /** Declares a token bad, but only while it is still the stored one (D2). */
  reject(suite: SuiteId, kind: SuiteTokenKind, token: string): Promise<void> {
    return this.forget(suite, kind, token);
  }

  protected keyOf({ channel, id }: SuiteId, kind: SuiteTokenKind): string {
    return `${channel}/${id}#${kind}`;
  }

  protected async readOrLease(suite: SuiteId, kind: SuiteTokenKind): Promise<TokenStep> {
    const key = [suite.channel, suite.id, kind];
    const [row] = await this.database.control<{ token_cipher: string; seconds_left: number }>(
      `SELECT token_cipher, extract(epoch FROM expires_at - clock_timestamp())::float8 AS seconds_left
       FROM lianke.suite_token
       WHERE channel = $1 AND suite_id = $2 AND kind = $3 AND token_cipher IS NOT NULL AND expires_at > clock_timestamp()`,
      key,
    );
    if (row)
      return {
        token: this.secrets.decrypt(row.token_cipher, this.contextOf(suite, kind)),
        secondsLeft: row.seconds_left,
      };
    // A token stored between the two statements fails the condition, and is read in the next look.
    const [lease] = await this.database.control<{ epoch: number }>(
      `INSERT INTO lianke.suite_token AS t (channel, suite_id, kind, epoch, lease_until)
       VALUES ($1, $2, $3, 1, clock_timestamp() + make_interval(secs => $4))
       ON CONFLICT (channel, suite_id, kind) DO UPDATE
         SET epoch = t.epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $4)
         WHERE (t.lease_until IS NULL OR t.lease_until < clock_timestamp())
           AND (t.expires_at IS NULL OR t.expires_at <= clock_timestamp())
       RETURNING epoch`,
      [...key, leaseSeconds],
    );
    return lease ? { epoch: lease.epoch } : {};
  }

  protected async release(suite: SuiteId, kind: SuiteTokenKind, epoch: number): Promise<void> {
    await this.database.control(
      `UPDATE lianke.suite_token SET lease_until = NULL WHERE channel = $1 AND suite_id = $2 AND kind = $3 AND epoch = $4`,
      [suite.channel, suite.id, kind, epoch],
    );
  }

  protected async store(
    suite: SuiteId,
    kind: SuiteTokenKind,
    epoch: number,
    { token, expiresIn }: FetchedToken,
  ): Promise<boolean> {
    const stored = await this.database.control(
      `UPDATE lianke.suite_token SET token_cipher = $5, token_hash = $6, lease_until = NULL,
         expires_at = clock_timestamp() + make_interval(secs => $7)
       WHERE channel = $1 AND suite_id = $2 AND kind = $3 AND epoch = $4 RETURNING 1`,
      [
        suite.channel,
        suite.id,
        kind,
        epoch,
        this.secrets.encrypt(token, this.contextOf(suite, kind)),
        hashOf(token),
        expiresIn,
      ],
    );
    return stored.length === 1;
  }

  protected async end(suite: SuiteId, kind: SuiteTokenKind, hash: Buffer): Promise<void> {
    await this.database.control(
      `UPDATE lianke.suite_token SET expires_at = '-infinity'
       WHERE channel = $1 AND suite_id = $2 AND kind = $3 AND token_hash = $4`,
      [suite.channel, suite.id, kind, hash],
    );
  }

  private contextOf(suite: SuiteId, kind: SuiteTokenKind): string {
    return `suite_token:${this.keyOf(suite, kind)}`;
  }
}
