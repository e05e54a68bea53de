import type { Language } from '@lianke/shared/errors/issue-text';
import type { AppId, ImportId, MemberId, TenantId } from '@lianke/shared/ids';
import type { ImportCheck, ImportView } from '@lianke/shared/imports/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import type { FailedRow, ImportRow, StoredPlan } from './import-row.js';

type Scope = Pick<TenantContext, 'tenantId'>;
const listed = 50;
const leaseSeconds = 15;

/** Rows of `lianke.import` and `lianke.import_failure`. */
@Injectable()
export class ImportsRepository {
  constructor(private readonly database: Database) {}

  async insert(
    ctx: Scope,
    row: Pick<
      ImportRow,
      | 'id'
      | 'app_id'
      | 'file_name'
      | 'storage_key'
      | 'content_hash'
      | 'plan'
      | 'check_result'
      | 'batch_id'
      | 'created_by'
      | 'language'
    >,
  ): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `INSERT INTO lianke.import (tenant_id, id, app_id, file_name, storage_key, state, plan, check_result, batch_id, created_by, language, content_hash)
         VALUES ($1, $2, $3, $4, $5, 'ready', $6, $7, $8, $9, $10, $11)`,
        [
          ctx.tenantId,
          row.id,
          row.app_id,
          row.file_name,
          row.storage_key,
          json(row.plan),
          json(row.check_result),
          row.batch_id,
          row.created_by,
          row.language,
          row.content_hash,
        ],
      ),
    );
  }

  async find(ctx: Scope, id: ImportId): Promise<ImportRow | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ImportRow>('SELECT * FROM lianke.import WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
    return row;
  }

  /** The latest import of the same file into the same app that wrote something and was not undone. */
  async earlier(ctx: Scope, row: Pick<ImportRow, 'id' | 'app_id' | 'content_hash'>): Promise<ImportRow | undefined> {
    const [found] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ImportRow>(
        `SELECT * FROM lianke.import
         WHERE tenant_id = $1 AND app_id = $2 AND content_hash = $3 AND id <> $4 AND next_chunk > 0
           AND state NOT IN ('undoing', 'undone')
         ORDER BY id DESC LIMIT 1`,
        [ctx.tenantId, row.app_id, row.content_hash, row.id],
      ),
    );
    return found;
  }

  /** The latest imports, of one app if given; only the member's own unless `by` is null. */
  list(ctx: Scope, appId: AppId | undefined, by: MemberId | null): Promise<ImportRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<ImportRow>(
        `SELECT * FROM lianke.import WHERE tenant_id = $1 AND ($2::uuid IS NULL OR app_id = $2) AND ($3::uuid IS NULL OR created_by = $3) ORDER BY id DESC LIMIT ${listed}`,
        [ctx.tenantId, appId ?? null, by],
      ),
    );
  }

  /** Stores a changed plan with its check. @throws AppError `wrong_state` unless the import is still being checked */
  async savePlan(
    ctx: Scope,
    id: ImportId,
    plan: StoredPlan,
    check: ImportCheck,
    language: Language,
  ): Promise<ImportRow> {
    return this.changed(
      await this.database.withTenant(ctx, (tx) =>
        tx.sql<ImportRow>(
          `UPDATE lianke.import SET plan = $3, check_result = $4, language = $5, revision = revision + 1, error = NULL
           WHERE tenant_id = $1 AND id = $2 AND state = 'ready' RETURNING *`,
          [ctx.tenantId, id, json(plan), json(check), language],
        ),
      ),
    );
  }

  async start(
    ctx: Scope,
    id: ImportId,
    revision: number,
    total: number,
    results: ImportView['results'],
  ): Promise<ImportRow> {
    return this.changed(
      await this.database.withTenant(ctx, (tx) =>
        tx.sql<ImportRow>(
          `UPDATE lianke.import SET state = 'running', progress_total = $4, results = $5, error = NULL
           WHERE tenant_id = $1 AND id = $2 AND state = 'ready' AND revision = $3 RETURNING *`,
          [ctx.tenantId, id, revision, total, json(results)],
        ),
      ),
    );
  }

  /** A running import stops after the chunk under way; one still being checked ends at once. */
  async cancel(ctx: Scope, id: ImportId): Promise<ImportRow> {
    return this.changed(
      await this.database.withTenant(ctx, (tx) =>
        tx.sql<ImportRow>(
          `UPDATE lianke.import SET cancel_requested = true, state = CASE state WHEN 'ready' THEN 'cancelled' ELSE state END
           WHERE tenant_id = $1 AND id = $2 AND state IN ('ready', 'running') RETURNING *`,
          [ctx.tenantId, id],
        ),
      ),
    );
  }

  async startUndo(ctx: Scope, id: ImportId): Promise<ImportRow> {
    return this.changed(
      await this.database.withTenant(ctx, (tx) =>
        tx.sql<ImportRow>(
          `UPDATE lianke.import SET state = 'undoing', error = NULL, progress_done = 0
           WHERE tenant_id = $1 AND id = $2 AND state IN ('done', 'failed', 'cancelled') AND next_chunk > 0 RETURNING *`,
          [ctx.tenantId, id],
        ),
      ),
    );
  }

  /** Takes the import for this worker, or answers undefined when another one has it or there is nothing to do. */
  async lease(ctx: Scope, id: ImportId, state: 'running' | 'undoing'): Promise<ImportRow | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ImportRow>(
        `UPDATE lianke.import SET epoch = epoch + 1, lease_until = clock_timestamp() + interval '${leaseSeconds} seconds'
         WHERE tenant_id = $1 AND id = $2 AND state = $3 AND (lease_until IS NULL OR lease_until < clock_timestamp()) RETURNING *`,
        [ctx.tenantId, id, state],
      ),
    );
    return row;
  }

  /** False when the lease was lost to another worker. */
  async renew(ctx: Scope, id: ImportId, epoch: number): Promise<boolean> {
    const renewed = await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `UPDATE lianke.import SET lease_until = clock_timestamp() + interval '${leaseSeconds} seconds' WHERE tenant_id = $1 AND id = $2 AND epoch = $3`,
        [ctx.tenantId, id, epoch],
      ),
    );
    return renewed === 1;
  }

  /** Gives the import back before the lease ends, so that another worker need not wait. */
  async release(ctx: Scope, id: ImportId, epoch: number): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.import SET lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND epoch = $3', [
        ctx.tenantId,
        id,
        epoch,
      ]),
    );
  }

  async formsReady(ctx: Scope, row: ImportRow, plan: StoredPlan, results: ImportView['results']): Promise<boolean> {
    const saved = await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.import SET plan = $4, results = $5, forms_ready = true WHERE tenant_id = $1 AND id = $2 AND epoch = $3',
        [ctx.tenantId, row.id, row.epoch, json(plan), json(results)],
      ),
    );
    return saved === 1;
  }

  /** Closes a chunk. False when another worker has the import now; then nothing is stored. */
  checkpoint(
    ctx: Scope,
    row: ImportRow,
    state: { nextChunk: number; done: number; results: ImportView['results'] },
    failed: readonly FailedRow[],
  ): Promise<boolean> {
    return this.database.withTenant(ctx, async (tx) => {
      const mine = await tx.run(
        'UPDATE lianke.import SET next_chunk = $4, progress_done = $5, results = $6 WHERE tenant_id = $1 AND id = $2 AND epoch = $3',
        [ctx.tenantId, row.id, row.epoch, state.nextChunk, state.done, json(state.results)],
      );
      if (mine === 1 && failed.length > 0) await insertFailures(tx, ctx, row.id, failed);
      return mine === 1;
    });
  }

  async isCancelled(ctx: Scope, id: ImportId): Promise<boolean> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ cancel_requested: boolean }>(
        'SELECT cancel_requested FROM lianke.import WHERE tenant_id = $1 AND id = $2',
        [ctx.tenantId, id],
      ),
    );
    return row?.cancel_requested ?? true;
  }

  /** The end of a run or of an undo. */
  async finish(
    ctx: Scope,
    row: ImportRow,
    end: { state: 'done' | 'failed' | 'cancelled' | 'undone'; error?: string; undo?: ImportView['undo'] },
  ): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.import SET state = $4, error = $5, undo = coalesce($6, undo), lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND epoch = $3',
        [ctx.tenantId, row.id, row.epoch, end.state, end.error ?? null, end.undo ? json(end.undo) : null],
      ),
    );
  }

  async progress(ctx: Scope, row: ImportRow, done: number, total: number): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'UPDATE lianke.import SET progress_done = $4, progress_total = $5 WHERE tenant_id = $1 AND id = $2 AND epoch = $3',
        [ctx.tenantId, row.id, row.epoch, done, total],
      ),
    );
  }

  failures(ctx: Scope, id: ImportId): Promise<FailedRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<FailedRow>(
        'SELECT sheet, row, reason FROM lianke.import_failure WHERE tenant_id = $1 AND import_id = $2 ORDER BY sheet, row',
        [ctx.tenantId, id],
      ),
    );
  }

  /** Imports, of all tenants, that nobody works on although they are under way. */
  stranded(): Promise<{ tenant_id: TenantId; id: ImportId; state: 'running' | 'undoing' }[]> {
    return this.database.asSystem((tx) =>
      tx.sql(
        `SELECT tenant_id, id, state FROM lianke.import
         WHERE state IN ('running', 'undoing') AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY id LIMIT 100`,
      ),
    );
  }

  /** Uploads, of all tenants, that were never imported and that nobody has touched for a week. */
  abandoned(): Promise<{ tenant_id: TenantId; id: ImportId; storage_key: string }[]> {
    return this.database.asSystem((tx) =>
      tx.sql(
        `SELECT tenant_id, id, storage_key FROM lianke.import
         WHERE state IN ('ready', 'cancelled') AND next_chunk = 0 AND created_at < clock_timestamp() - interval '7 days' ORDER BY id LIMIT 100`,
      ),
    );
  }

  async remove(ctx: Scope, id: ImportId): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run('DELETE FROM lianke.import WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, id]),
    );
  }

  private changed(rows: ImportRow[]): ImportRow {
    const [row] = rows;
    if (!row)
      throw refusal('wrong_state', {
        zh: '这次导入已经开始、已经结束，或刚被改动，请刷新后再试',
        en: 'this import has begun, has ended or was just changed; reload and try again',
      });
    return row;
  }
}

async function insertFailures(tx: Tx, ctx: Scope, id: ImportId, failed: readonly FailedRow[]): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.import_failure (tenant_id, import_id, sheet, row, reason)
     SELECT $1, $2, s, r, t FROM unnest($3::int[], $4::int[], $5::text[]) AS v(s, r, t) ON CONFLICT DO NOTHING`,
    [ctx.tenantId, id, failed.map((row) => row.sheet), failed.map((row) => row.row), failed.map((row) => row.reason)],
  );
  await tx.run(
    'UPDATE lianke.import SET error_rows = (SELECT count(*) FROM lianke.import_failure WHERE tenant_id = $1 AND import_id = $2) WHERE tenant_id = $1 AND id = $2',
    [ctx.tenantId, id],
  );
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
