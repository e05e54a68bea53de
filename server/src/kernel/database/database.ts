import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral, type QueryRunner } from 'typeorm';
import type { DatabaseUrls } from './bootstrap.js';
import { tenantName, uuidLiteral } from './ident.js';
import { PgTx, send } from './pg-tx.js';
import { PreparedNames } from './prepared-names.js';
import type { SqlValue, StatementOptions, Tx } from './tx.js';
import { installTypeParsers } from './type-parsers.js';

/** Errors after which the whole transaction is run again: serialisation, deadlock, lock time-out. */
const retryable = new Set(['40001', '40P01', '55P03']);
const roleRefused = '42501';
const maxAttempts = 3;
const tendingName = 'lianke-tending';
/** A process that stands still with a transaction open would keep its rows locked for ever: PostgreSQL ends such a session. */
const standstillMs = 120_000;

/** The only door to PostgreSQL for serving code. A request holds at most one connection at a time. */
@Injectable()
export class Database {
  private readonly serving: DataSource;
  private readonly claiming: DataSource;
  /** Owner connections, for DDL only; few. */
  private readonly owning: pg.Pool;
  /** Owner connections for statements that go on for long: index builds, vacuum. */
  private readonly tending: pg.Pool;
  /** None behind a pooler, which hands out another connection every transaction. */
  private readonly prepared: PreparedNames | undefined;

  constructor(
    readonly urls: DatabaseUrls,
    options: { poolSize?: number; entities?: EntityTarget<ObjectLiteral>[]; standstillMs?: number } = {},
  ) {
    installTypeParsers();
    this.prepared = urls.pooled ? undefined : new PreparedNames();
    // Backends keep ~20 kB per table they touched, so connections are recycled (design §4).
    const extra = {
      pipeline: true,
      maxUses: 20_000,
      idleTimeoutMillis: 30_000,
      idle_in_transaction_session_timeout: options.standstillMs ?? standstillMs,
    };
    const entities = (options.entities ?? []) as never[];
    // TypeORM would look for a driver by its name: in the bundle that is a second one, which knows none of our type parsers.
    const driver = pg;
    this.serving = new DataSource({
      type: 'postgres',
      driver,
      url: urls.appUrl,
      entities,
      poolSize: options.poolSize ?? 16,
      extra,
      applicationName: 'lianke',
    });
    this.claiming = new DataSource({
      type: 'postgres',
      driver,
      url: urls.systemUrl,
      poolSize: 4,
      extra,
      applicationName: 'lianke-claims',
    });
    this.owning = new pg.Pool({ connectionString: urls.ownerUrl, max: 2, application_name: 'lianke-ddl' });
    this.owning.on('error', () => undefined);
    this.tending = new pg.Pool({ connectionString: urls.ownerUrl, max: 2, application_name: tendingName });
    this.tending.on('error', () => undefined);
  }

  async connect(): Promise<void> {
    await Promise.all([this.serving.initialize(), this.claiming.initialize()]);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.serving.destroy(), this.claiming.destroy(), this.owning.end(), this.tending.end()]);
  }

  /**
   * Runs `work` in one transaction as the tenant: its role (first wall) and `app.tenant` for row security (second
   * wall). Deadlocks and lock time-outs run the whole work again, up to three times, so it must not act outside.
   */
  withTenant<T>(ctx: { tenantId: string }, work: (tx: Tx) => Promise<T>): Promise<T> {
    // SET is a third cheaper than set_config, which is planned as a query.
    const open = `BEGIN; SET LOCAL app.tenant = ${uuidLiteral(ctx.tenantId)}; SET LOCAL ROLE ${tenantName(ctx.tenantId)}`;
    return this.transaction(this.serving, open, work);
  }

  /** Runs `work` as lianke_system: claim tables of every tenant, nothing else. */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.transaction(this.claiming, 'BEGIN', work);
  }

  /** Calls a function of the directory (SECURITY DEFINER), outside of any tenant. */
  async control<Row>(
    text: string,
    values: readonly SqlValue[] = [],
    options: Pick<StatementOptions, 'repeated'> = {},
  ): Promise<Row[]> {
    const runner = this.serving.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.PoolClient;
      return (await send(client, this.prepared, text, values, options.repeated)).rows as Row[];
    } finally {
      await runner.release();
    }
  }

  /** One DDL transaction of a tenant's schema, as its role; `lock_timeout` 500 ms with retries (design §4). */
  async ddl(tenantId: string, work: (sql: (text: string) => Promise<void>) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.owning.connect();
      try {
        await client.query(`BEGIN; SET LOCAL lock_timeout = '500ms'; SELECT pg_advisory_xact_lock(727276)`);
        await client.query(`SET LOCAL ROLE ${tenantName(tenantId)}`);
        await work(async (text) => {
          await client.query(text);
        });
        await client.query('COMMIT');
        return;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        if (attempt >= 20 || codeOf(error) !== '55P03') throw error;
        await this.stopTending(tenantId);
      } finally {
        client.release();
      }
      await new Promise((resume) => setTimeout(resume, 50 * attempt));
    }
  }

  /** Statements of the owner outside a tenant: making a tenant's role and schema, CREATE INDEX CONCURRENTLY. */
  async asOwner<T>(
    work: (client: {
      query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
    }) => Promise<T>,
  ): Promise<T> {
    const client = await this.owning.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  /** {@link asOwner} for long work that DDL may interrupt: its statement then ends with 57014 and is tried again later. */
  async asTender<T>(work: Parameters<typeof this.asOwner<T>>[0]): Promise<T> {
    const client = await this.tending.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  /** DDL does not wait for an index being built or a table being vacuumed: they give way. */
  async stopTending(tenantId: string): Promise<void> {
    await this.owning.query(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND state = 'active' AND strpos(query, $2) > 0`,
      [tendingName, tenantName(tenantId)],
    );
  }

  private async transaction<T>(source: DataSource, open: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const runner = source.createQueryRunner();
      const client = (await runner.connect()) as pg.PoolClient;
      const tx = new PgTx(runner, client, this.prepared);
      let unopened: unknown;
      try {
        const opened = send(client, undefined, open);
        opened.catch((error: unknown) => {
          unopened = error;
        });
        // TypeORM must know that a transaction is open, or `save` would begin and commit its own.
        (runner as { isTransactionActive: boolean }).isTransactionActive = true;
        const result = await work(tx);
        await opened;
        await tx.commit();
        await runner.release();
        tx.committed();
        return result;
      } catch (failed) {
        const rolledBack = await tx.rollBack();
        // Statements sent behind an opening that failed only say that the transaction is aborted.
        const error = unopened ?? failed;
        // A backend works its memberships out once and can miss one granted meanwhile; another one starts afresh.
        const outdated = unopened !== undefined && codeOf(unopened) === roleRefused;
        if (outdated || !rolledBack) await discard(runner, error);
        else await runner.release();
        if (attempt >= maxAttempts || !(outdated || retryable.has(codeOf(error)))) throw error;
      }
    }
  }
}

/** Ends the runner's connection instead of giving it back to the pool; TypeORM's own `release` takes no error. */
async function discard(runner: QueryRunner, error: unknown): Promise<void> {
  const held = runner as unknown as { releasePostgresConnection(error: unknown): Promise<void> };
  await held.releasePostgresConnection(error).catch(() => undefined);
}

/** SQLSTATE of a PostgreSQL error, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
