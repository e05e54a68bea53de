import type { ApiKeyId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';

const everyMs = 60_000;
const keptKeys = 10_000;

/** When and from where each key was last used, to the minute: a request does not wait for it. */
@Injectable()
export class ApiKeyUses implements OnApplicationShutdown {
  private readonly noted = new Map<ApiKeyId, number>();
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  note(tenantId: TenantId, id: ApiKeyId, from: string): void {
    const now = this.clock.now();
    const last = this.noted.get(id);
    if (last !== undefined && now.getTime() - last < everyMs) return;
    if (this.noted.size >= keptKeys) this.noted.clear();
    this.noted.set(id, now.getTime());
    const write = this.write(tenantId, id, from, now)
      .catch((error: unknown) => this.logger.warn({ err: error, tenantId, key: id }, 'a use of a key was not noted'))
      .finally(() => this.writing.delete(write));
    this.writing.add(write);
  }

  /** Resolves once everything noted so far is written. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  private async write(tenantId: TenantId, id: ApiKeyId, from: string, now: Date): Promise<void> {
    await this.database.withTenant({ tenantId }, (tx) =>
      tx.run('UPDATE lianke.api_key SET last_used_at = $2, last_used_from = $3 WHERE id = $1', [id, now, from]),
    );
  }
}
