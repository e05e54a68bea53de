import type { TenantId } from '@lianke/shared/ids';
import { uuidOf } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../../kernel/config/config.js';
import { codeOf, Database } from '../../../kernel/database/database.js';
import { ident, tenantName } from '../../../kernel/database/ident.js';
import { GraphileJobs } from '../../../kernel/jobs/graphile-jobs.js';
import type { JobDefinition } from '../../../kernel/jobs/job.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../../kernel/tokens.js';
import { type FormMeta, tableName } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { chooseIndexes, type IndexDefinition } from './choose-indexes.js';
import { indexWishes } from './index-wishes.js';
import { vacuumSettingsSql } from './vacuum-settings.js';

/** Smaller tables are read whole as quickly; they keep none of these indexes, and load faster. */
export const indexedFromRows = 5000;
const lookEveryMs = 1000;
/** Building waits for older transactions; after so long it gives up and is tried again. */
const lockWithin = '30s';
/** PostgreSQL found an entry too long for a btree: no later try would fare better. */
const entryTooLong = '54000';

const payload = z.object({ tenantId: uuidOf<'tenant'>() });

interface Table {
  name: string;
  rows: number;
  indexes: Map<string, boolean>;
  /** Its storage parameters, as `name=value`. */
  options: string[];
}

type Client = Parameters<Parameters<Database['asOwner']>[0]>[0];

/** Another worker is at this tenant's indexes. */
class Busy extends Error {}

/** Makes the indexes that are asked for and drops those that nobody asks for any more, without locking anybody out. */
@Injectable()
export class IndexKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly job: JobDefinition<z.infer<typeof payload>>;
  private readonly loop: Loop;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly jobs: GraphileJobs,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.job = {
      name: 'indexes',
      schema: payload,
      handle: ({ tenantId }, run) => this.tend(tenantId, run.signal),
      // Long builds keep others waiting.
      maxAttempts: 12,
    };
    jobs.register(this.job);
    this.loop = new Loop('indexes', () => this.look(), lookEveryMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Hands tenants whose wishes or tables changed to the workers. */
  async look(): Promise<boolean> {
    const tenants = await this.database.asSystem(async (tx) =>
      tx.sql<{ tenant_id: TenantId }>(
        `UPDATE lianke.index_check SET due_at = clock_timestamp() + interval '10 minutes'
         WHERE due_at <= clock_timestamp() RETURNING tenant_id`,
      ),
    );
    if (tenants.length === 0) return false;
    this.opened ??= this.jobs.open();
    await this.opened;
    for (const { tenant_id } of tenants) await this.jobs.enqueue(this.job, { tenantId: tenant_id }, { key: tenant_id });
    return false;
  }

  /** Brings a tenant's indexes to what is asked now. Running it again, or after a crash at any point, ends the same. */
  async tend(tenantId: TenantId, signal?: AbortSignal): Promise<void> {
    const { forms, wishes } = await this.database.withTenant({ tenantId }, async (tx) => {
      const forms = (await this.registry.load(tx, { tenantId })).list;
      return { forms, wishes: await indexWishes(tx, forms) };
    });
    await this.alone(tenantId, async (client) => {
      const tables = await tablesOf(client, tenantId);
      for (const form of forms) {
        if (signal?.aborted) return;
        const table = tables.get(tableName(form.id));
        if (!table) continue;
        const large = table.rows >= indexedFromRows;
        const wanted = large ? chooseIndexes(form, wishes.get(form.id) ?? []) : [];
        const settings = large ? vacuumSettingsSql(form.table, table.options) : undefined;
        if (settings) await client.query(settings);
        await this.bring(client, form, table, wanted);
      }
    });
  }

  private async bring(client: Client, form: FormMeta, table: Table, wanted: IndexDefinition[]): Promise<void> {
    const schema = ident(tenantName(form.tenantId));
    const names = new Set(wanted.map((one) => one.name));
    for (const [name, valid] of table.indexes) {
      // What a broken build left behind serves nobody and slows every write.
      if (names.has(name) && valid) continue;
      await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${schema}.${ident(name)}`);
      this.logger.info({ index: name, form: form.id, valid }, 'an index was dropped');
    }
    const missing = wanted.filter((one) => !table.indexes.get(one.name));
    for (const { name, body } of missing) {
      try {
        await client.query(`CREATE INDEX CONCURRENTLY ${ident(name)} ON ${form.table} ${body}`);
        this.logger.info({ index: name, form: form.id, body }, 'an index was made');
      } catch (error) {
        if (codeOf(error) !== entryTooLong) throw error;
        await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${schema}.${ident(name)}`);
        this.logger.warn({ index: name, form: form.id }, 'values are too long for an index');
      }
    }
    // Fresh statistics, and pages marked as seen by all: without the mark counting by index reads the table after all.
    if (missing.length > 0) await client.query(`VACUUM (ANALYZE) ${form.table}`);
  }

  /**
   * One worker a tenant, as the tenant's role. The lock belongs to the connection: killing this process does not free it
   * while the database still builds.
   */
  private async alone(tenantId: TenantId, work: (client: Client) => Promise<void>): Promise<void> {
    await this.database.asTender(async (client) => {
      // Tried, not waited for: a waiting session would hold a snapshot, and building waits for old snapshots.
      const lock = `hashtextextended('lianke indexes ${tenantId}', 0)`;
      const { rows } = await client.query(`SELECT pg_try_advisory_lock(${lock}) AS mine`);
      if (rows[0]?.mine !== true) throw new Busy('another worker tends these indexes');
      try {
        await client.query(`SET ROLE ${tenantName(tenantId)}`);
        await client.query(`SET lock_timeout = '${lockWithin}'`);
        await work(client);
      } finally {
        await client.query('RESET ROLE');
        await client.query('RESET lock_timeout');
        await client.query(`SELECT pg_advisory_unlock(${lock})`);
      }
    });
  }
}

/** The tenant's tables with their estimated live rows and chosen indexes (name → valid). */
async function tablesOf(client: Client, tenantId: TenantId): Promise<Map<string, Table>> {
  const { rows } = await client.query(
    `SELECT t.relname AS name, greatest(t.reltuples, s.n_live_tup)::float8 AS rows, coalesce(t.reloptions, '{}') AS options,
       coalesce(jsonb_object_agg(i.relname, x.indisvalid) FILTER (WHERE i.relname IS NOT NULL), '{}') AS indexes
     FROM pg_class t
     JOIN pg_namespace n ON n.oid = t.relnamespace
     LEFT JOIN pg_stat_all_tables s ON s.relid = t.oid
     LEFT JOIN (pg_index x JOIN pg_class i ON i.oid = x.indexrelid AND i.relname LIKE 'x\\_%') ON x.indrelid = t.oid
     WHERE n.nspname = $1 AND t.relkind = 'r'
     GROUP BY 1, 2, 3`,
    [tenantName(tenantId)],
  );
  return new Map(
    rows.map((row) => [
      row.name as string,
      {
        name: row.name as string,
        rows: row.rows as number,
        indexes: new Map(Object.entries(row.indexes as Record<string, boolean>)),
        options: row.options as string[],
      },
    ]),
  );
}
