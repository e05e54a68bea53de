import { type ImportId, type TenantId, uuidOf } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../kernel/config/config.js';
import { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { JobDefinition } from '../../kernel/jobs/job.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportRunner } from './run/import-runner.js';
import { ImportFiles } from './workbook/import-files.js';

const payload = z.object({ tenantId: uuidOf<'tenant'>(), importId: uuidOf<'import'>() });
type Payload = z.infer<typeof payload>;
const sweepEveryMs = 10_000;

/** Hands imports to the workers, and finds those whose worker died. */
@Injectable()
export class ImportJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly importJob: JobDefinition<Payload>;
  private readonly undoJob: JobDefinition<Payload>;
  private readonly loop: Loop;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly jobs: GraphileJobs,
    private readonly repository: ImportsRepository,
    private readonly files: ImportFiles,
    runner: ImportRunner,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.importJob = {
      name: 'import',
      schema: payload,
      handle: ({ tenantId, importId }, run) => runner.run(tenantId, importId, run.signal),
    };
    this.undoJob = {
      name: 'import-undo',
      schema: payload,
      handle: ({ tenantId, importId }, run) => runner.undo(tenantId, importId, run.signal),
    };
    jobs.register(this.importJob);
    jobs.register(this.undoJob);
    this.loop = new Loop('imports', () => this.sweep(), sweepEveryMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** After the commit that set the import's state. */
  async enqueue(kind: 'running' | 'undoing', tenantId: TenantId, importId: ImportId): Promise<void> {
    this.opened ??= this.jobs.open();
    await this.opened;
    await this.jobs.enqueue(
      kind === 'running' ? this.importJob : this.undoJob,
      { tenantId, importId },
      { key: importId },
    );
  }

  /**
   * Imports that nobody works on get a job again (a job that is waiting already is only renewed), and uploads that came to
   * nothing are thrown away.
   */
  async sweep(): Promise<boolean> {
    for (const { tenant_id, id, state } of await this.repository.stranded()) await this.enqueue(state, tenant_id, id);
    for (const upload of await this.repository.abandoned()) {
      await this.files.remove(upload.storage_key);
      await this.repository.remove({ tenantId: upload.tenant_id }, upload.id);
    }
    return false;
  }
}
