import { type ExportId, type TenantId, uuidOf } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { JobDefinition } from '../../kernel/jobs/job.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import type { FileStorage } from '../../kernel/storage/file-storage.js';
import { CLOCK, CONFIG, LOGGER, STORAGE } from '../../kernel/tokens.js';
import { ExportRunner } from './export-runner.js';
import { ExportsRepository } from './exports.repository.js';

const payload = z.object({ tenantId: uuidOf<'tenant'>(), exportId: uuidOf<'export'>() });
type Payload = z.infer<typeof payload>;
const sweepEveryMs = 10_000;

/** Hands exports to the workers, finds those whose worker died, and removes files whose time is over. */
@Injectable()
export class ExportJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly job: JobDefinition<Payload>;
  private readonly loop: Loop;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly jobs: GraphileJobs,
    private readonly repository: ExportsRepository,
    runner: ExportRunner,
    @Inject(STORAGE) private readonly storage: FileStorage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.job = {
      name: 'export',
      schema: payload,
      handle: ({ tenantId, exportId }, run) => runner.run(tenantId, exportId, run.signal),
    };
    jobs.register(this.job);
    this.loop = new Loop('exports', () => this.sweep(), sweepEveryMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** After the commit that made the export. */
  async enqueue(tenantId: TenantId, exportId: ExportId): Promise<void> {
    this.opened ??= this.jobs.open();
    await this.opened;
    await this.jobs.enqueue(this.job, { tenantId, exportId }, { key: exportId });
  }

  async sweep(): Promise<boolean> {
    for (const { tenant_id, id } of await this.repository.stranded()) await this.enqueue(tenant_id, id);
    for (const { id } of await this.repository.expire(this.clock.now())) await this.storage.delete(id);
    return false;
  }
}
