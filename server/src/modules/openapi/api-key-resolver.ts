import { randomBytes } from 'node:crypto';
import type { ApiKeyId, MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { ResolvedSession } from '../../kernel/http/session-resolver.js';
import { CLOCK } from '../../kernel/tokens.js';
import { TokenLookup } from '../identity/token-lookup.js';
import { hashToken } from '../identity/tokens.js';
import { endOf } from './api-key-row.js';

interface ResolvedKeyRow {
  key_id: ApiKeyId;
  tenant_id: TenantId;
  member_id: MemberId;
  member_active: boolean;
  writes: boolean;
  forms: string[] | null;
  per_minute: number;
  expires_at: string | null;
  revoked_at: string | null;
  time_zone: string;
  access_version: number;
  schema_version: number;
}

/** A request by key, as the guard of keys reads it. */
export interface KeySession extends ResolvedSession<TenantContext> {
  key: { id: ApiKeyId; writes: boolean; perMinute: number };
}

const refusals = {
  revoked: 'api_key_revoked',
  expired: 'api_key_expired',
  memberGone: 'api_key_member_gone',
} as const;

/** Reads a key's row at every request, in one call of the directory: revoking it holds from the next request on. */
@Injectable()
export class ApiKeyResolver {
  private readonly lookup: TokenLookup<ResolvedKeyRow>;

  constructor(
    database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.lookup = new TokenLookup(database, 'SELECT * FROM lianke.resolve_api_keys($1::bytea[])');
  }

  /** Refuses what is no key, or has ended, by its reason: who holds the key may know it. */
  async resolve(token: string): Promise<KeySession> {
    const row = await this.lookup.find(hashToken(token));
    if (!row) throw new AppError('api_key_unknown');
    const end = endOf(row, row.member_active, this.clock.now());
    if (end) throw new AppError(refusals[end]);
    return {
      sessionId: row.key_id,
      memberId: row.member_id,
      key: { id: row.key_id, writes: row.writes, perMinute: row.per_minute },
      ctx: {
        tenantId: row.tenant_id,
        timeZone: row.time_zone,
        actor: { kind: 'member', memberId: row.member_id },
        cause: { door: 'api', depth: 0 },
        accessVersion: row.access_version,
        schemaVersion: row.schema_version,
        traceId: randomBytes(8).toString('hex'),
        key: { id: row.key_id, forms: row.forms },
      },
    };
  }
}
