import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { CONFIG, RATE_LIMITER } from '../../kernel/tokens.js';
import { takeOrRefuse } from './limits.js';

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Passwords: for the first administrator and for members who came by invitation. */
@Injectable()
export class PasswordService {
  /** Verified when there is no account, so that both answers take the same time. */
  private readonly decoy: Promise<string> = hash('no account has this password', cost);

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CONFIG) private readonly config: Pick<Config, 'passwordLogin'>,
  ) {}

  /** The member whose account and password these are. Refuses alike whichever of tenant, account and password is wrong. */
  async check(
    given: { tenant: string; account: string; password: string },
    address: string,
  ): Promise<{ tenantId: TenantId; memberId: MemberId }> {
    const account = `${given.tenant}/${given.account.toLowerCase()}`;
    await takeOrRefuse(this.limiter, [
      ['passwordFromAddress', address],
      ['passwordOfAccount', `${account}/${address}`],
      ['passwordEverywhere', account],
    ]);
    const tenant = await this.tenants.byKey(given.tenant);
    if (tenant) await this.requireOn(tenant.id);
    const found = tenant && (await this.find(tenant.id, given.account));
    const right = await verify(found?.passwordHash ?? (await this.decoy), given.password);
    if (!tenant || !found?.passwordHash || !right) throw new AppError('wrong_credentials');
    await this.limiter.reset(`passwordOfAccount:${account}/${address}`);
    return { tenantId: tenant.id, memberId: found.id };
  }

  /** Refuses when the installation or the tenant has switched passwords off. */
  async requireOn(tenantId: TenantId): Promise<void> {
    if (!this.config.passwordLogin) throw new AppError('password_login_off');
    const [row] = await this.database.withTenant({ tenantId }, (tx) =>
      tx.sql<{ on: boolean }>('SELECT password_login AS on FROM lianke.tenant WHERE tenant_id = $1', [tenantId]),
    );
    if (!row?.on) throw new AppError('password_login_off');
  }

  /** Gives a member a password; sessions that began with the old one end. */
  async set(ctx: { tenantId: TenantId }, memberId: MemberId, password: string): Promise<void> {
    const hashed = await this.hash(password);
    await this.database.withTenant(ctx, (tx) => this.setIn(tx, memberId, hashed));
  }

  hash(password: string): Promise<string> {
    return hash(password, cost);
  }

  async setIn(tx: Tx, memberId: MemberId, hashed: string): Promise<void> {
    const changed = await tx.run('UPDATE lianke.member SET password_hash = $2 WHERE id = $1', [memberId, hashed]);
    if (changed === 0) throw new AppError('not_found');
    await tx.run(`DELETE FROM lianke.session WHERE member_id = $1 AND channel = 'password'`, [memberId]);
  }

  private async find(
    tenantId: TenantId,
    account: string,
  ): Promise<{ id: MemberId; passwordHash: string | null } | undefined> {
    const [row] = await this.database.withTenant({ tenantId }, (tx) =>
      tx.sql<{ id: MemberId; password_hash: string | null }>(
        `SELECT id, password_hash FROM lianke.member WHERE lower(account) = lower($1) AND state = 'active'`,
        [account],
      ),
    );
    return row && { id: row.id, passwordHash: row.password_hash };
  }
}
