import type { TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { FilesService } from '../../../engine/files/files.service.js';
import { purgeForms } from '../../../engine/forms/bin/purge-forms.js';
import { forgetConversions } from '../../../engine/forms/conversion/forget-conversions.js';
import { FormRegistry } from '../../../engine/forms/form-registry.js';
import { dropRemovedFields } from '../../../engine/forms/removed-fields.js';
import { dropStrayTables } from '../../../engine/forms/stray-tables.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { emptyRecycleBin } from '../../../engine/records/recycle-bin.js';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Config } from '../../../kernel/config/config.js';
import { Database } from '../../../kernel/database/database.js';
import { ident } from '../../../kernel/database/ident.js';
import { GraphileJobs } from '../../../kernel/jobs/graphile-jobs.js';
import type { JobDefinition } from '../../../kernel/jobs/job.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { CLOCK, CONFIG, LOGGER } from '../../../kernel/tokens.js';
import { keptDays, type RetentionRule, rules } from './rules.js';
import { runDaysOf } from './run-retention.js';

export const batchRows = 5_000;
const day = 86_400_000;
const lookEveryMs = 600_000;
const runEveryMs = 0.8 * day;
const mark = 'retention_at';

/** Removes, once a day, what nobody needs any more; which rows and when stands in the README beside this file. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly job: JobDefinition<Record<string, never>>;
  private readonly loop: Loop;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly files: FilesService,
    private readonly jobs: GraphileJobs,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.job = { name: 'retention', schema: z.object({}).strict(), handle: (_, run) => this.run(run.signal) };
    jobs.register(this.job);
    this.loop = new Loop('retention', () => this.look(), lookEveryMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Hands the day's run to a worker when it is time; a new installation begins a day later. */
  async look(): Promise<boolean> {
    const now = this.clock.now();
    const last = await this.lastRun();
    if (last && now.getTime() - last.getTime() < runEveryMs) return false;
    if (last) {
      this.opened ??= this.jobs.open();
      await this.opened;
      await this.jobs.enqueue(this.job, {}, { key: 'daily' });
    } else await this.remember(now);
    return false;
  }

  /** Cleans every tenant and what belongs to none. It goes on from wherever it was stopped: what is gone is gone. */
  async run(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const now = this.clock.now();
    for (const { id } of await this.tenants.list()) {
      if (signal.aborted) return;
      await this.cleanTenant(id, now, signal);
    }
    await this.database.asOwner((client) =>
      client.query('DELETE FROM lianke.dead_letter WHERE coalesce(retried_at, failed_at) < $1', [
        before(now, keptDays.deadLetters),
      ]),
    );
    await this.remember(now);
  }

  private async cleanTenant(tenantId: TenantId, now: Date, signal: AbortSignal): Promise<void> {
    const gone: Record<string, number> = {};
    const clean = async (what: string, batch: () => Promise<number>) => {
      for (let removed = batchRows; removed >= batchRows && !signal.aborted; ) {
        removed = await batch();
        if (removed > 0) gone[what] = (gone[what] ?? 0) + removed;
      }
    };
    const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'retention' });
    for (const rule of rules) await clean(rule.table, () => this.removeRows(tenantId, rule, now));
    for (const form of await this.registry.forms(ctx)) {
      const cutoff = before(now, keptDays.recycleBin);
      await clean('recycleBin', () =>
        this.database.withTenant(ctx, (tx) => emptyRecycleBin(tx, form, cutoff, batchRows)),
      );
      await clean('conversions', () => forgetConversions(this.database, form, before(now, keptDays.removedFields)));
      await clean('removedFields', () => dropRemovedFields(this.database, form, before(now, keptDays.removedFields)));
    }
    await clean('forms', () => purgeForms(this.database, tenantId, before(now, keptDays.removedForms), batchRows));
    // Their age stands in their ids, which are of the machine's clock.
    await clean('strayTables', async () => {
      const clock = await this.database.withTenant(ctx, databaseNow);
      return dropStrayTables(this.database, tenantId, before(clock, keptDays.strayTables));
    });
    await clean('files', () => this.files.removeUnreferenced(ctx, before(now, keptDays.unreferencedFiles), batchRows));
    await clean('audit', async () => {
      const [row] = await this.database.control<{ n: number }>('SELECT lianke.forget_audit($1, $2, $3) AS n', [
        tenantId,
        before(now, keptDays.audit),
        batchRows,
      ]);
      return row?.n ?? 0;
    });
    if (Object.keys(gone).length > 0) this.logger.info({ tenantId, gone }, 'old rows were removed');
  }

  private removeRows(tenantId: TenantId, rule: RetentionRule, now: Date): Promise<number> {
    const table = `lianke.${ident(rule.table)}`;
    return this.database.withTenant({ tenantId }, async (tx) => {
      const cutoff = before(
        rule.clock === 'business' ? now : await databaseNow(tx),
        rule.ofCompany ? await runDaysOf(tx) : rule.days,
      );
      return tx.run(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT q.ctid FROM ${table} q WHERE ${rule.where} LIMIT ${batchRows}))`,
        [cutoff],
      );
    });
  }

  private async lastRun(): Promise<Date | undefined> {
    const { rows } = await this.database.asOwner((client) =>
      client.query('SELECT value FROM lianke.installation WHERE name = $1', [mark]),
    );
    return rows[0] && new Date(String(rows[0].value));
  }

  private async remember(at: Date): Promise<void> {
    await this.database.asOwner((client) =>
      client.query(
        'INSERT INTO lianke.installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        [mark, at.toISOString()],
      ),
    );
  }
}

function before(now: Date, days: number): Date {
  return new Date(now.getTime() - days * day);
}

async function databaseNow(tx: { sql<Row>(text: string): Promise<Row[]> }): Promise<Date> {
  const [row] = await tx.sql<{ now: string }>('SELECT clock_timestamp() AS now');
  return new Date(row?.now ?? 0);
}
