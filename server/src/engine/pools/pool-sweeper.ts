import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { PoolReturner } from './pool-returner.js';

const everyMs = 60_000;

/** Looks whether a tenant's day has begun, and has its pools worked through. */
@Injectable()
export class PoolSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly tenants: TenantDirectory,
    private readonly returner: PoolReturner,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('pools', () => this.work(), everyMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One tenant's failure keeps nobody else waiting; his day is tried again. */
  async work(): Promise<boolean> {
    for (const tenant of await this.tenants.list())
      try {
        await this.returner.run(tenant.id);
      } catch (error) {
        this.logger.error({ err: error, tenant: tenant.id }, 'a tenant’s pools were not worked through');
      }
    return false;
  }
}
