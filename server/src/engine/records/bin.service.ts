import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { RestoreResult } from '@lianke/shared/records/write';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { parentOf } from '../forms/subform-meta.js';
import { ViewsService } from '../forms/views.service.js';
import type { Once } from '../idempotency/answer-once.js';
import { FormChanges } from '../live/form-changes.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { BulkLog } from './bulk/bulk-log.js';
import { changeTable } from './history.js';
import { RecordWriter } from './record-writer.js';
import { ScopeBuilder } from './scope-builder.js';
import { scopeSql } from './sql/filter-sql.js';
import { Params } from './sql/params.js';

const keptDays = 30;
const dayMs = 86_400_000;
const sweepChunk = 1000;

/** The recycle bin: bringing records back with what went along, and removing them for good. */
@Injectable()
export class BinService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly scopes: ScopeBuilder,
    private readonly writer: RecordWriter,
    private readonly changes: FormChanges,
    private readonly tenants: TenantDirectory,
    private readonly views: ViewsService,
    private readonly log: BulkLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Restores records and whatever a relation's rule had deleted together with them, as one batch. */
  async restore(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<RestoreResult> {
    const form = await this.registry.form(ctx, formId);
    const batches = await this.database.withTenant(ctx, (tx) => lastDeletions(tx, form, ids));
    const written = await this.writer.write(ctx, { formId, op: 'restore', rows: ids.map((id) => ({ id })) });
    const back = written.results.flatMap((result) =>
      result.status === 'restored' && result.id ? [result.id as RecordId] : [],
    );
    const along: RestoreResult['along'] = [];
    await this.restoreAlong(ctx, form, back, batches, written.batchId, along);
    const { batchId } = written;
    const failed = ids.length - back.length;
    if (back.length > 0)
      await this.log.keep(ctx, { batchId, formId, action: 'restore', fields: [], done: back.length, failed });
    return { ...written, along };
  }

  /** Removes records of the bin with their history and comments. Needs the right `purge`; answers how many went. */
  async purge(
    ctx: TenantContext,
    formId: FormId,
    ids: readonly RecordId[],
    once?: Once<{ purged: number }>,
  ): Promise<{ purged: number }> {
    const form = await this.registry.form(ctx, formId);
    const scope = await this.scopes.of(ctx);
    const access = scope.accessOf(form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('purge')) throw refusal('forbidden', { zh: '彻底删除数据', en: 'delete records for good' });
    const purged = await this.database.withTenant(ctx, async (tx) => {
      await once?.open(tx);
      const params = new Params();
      const where = [`t.id = ANY(${params.add([...ids], 'uuid[]')})`, 't.deleted_at IS NOT NULL'];
      const seen = scopeSql(access.scopeOf('purge'), form, 't', scope, params);
      if (seen) where.push(seen);
      const rows = await tx.sql<{ id: RecordId }>(
        `SELECT t.id FROM ${form.table} t WHERE ${where.join(' AND ')} ORDER BY t.id FOR UPDATE OF t`,
        params.values,
      );
      if (rows.length === 0) throw new AppError('not_found');
      const going = rows.map((row) => row.id);
      await removeForGood(tx, form, going);
      await writeAudit(tx, ctx, {
        action: 'records.purge',
        object: form.id,
        detail: { form: form.name, count: going.length, ids: going.slice(0, 100) },
      });
      await once?.keep(tx, { purged: going.length });
      return going.length;
    });
    this.changes.mark(ctx.tenantId, form.id, false);
    return { purged };
  }

  /** Empties all bins of what lies in them for more than 30 days; answers how many records went. */
  async sweep(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - keptDays * dayMs);
    let gone = 0;
    for (const tenant of await this.tenants.list()) {
      const ctx = await this.tenants.context(tenant.id, { kind: 'system', name: 'sync' });
      for (const form of await this.registry.forms(ctx)) gone += await this.sweepForm(ctx, form, before);
      gone += await this.views.sweep(ctx, before);
    }
    return gone;
  }

  private async sweepForm(ctx: TenantContext, form: FormMeta, before: Date): Promise<number> {
    let gone = 0;
    for (;;) {
      const taken = await this.database.withTenant(ctx, async (tx) => {
        const rows = await tx.sql<{ id: RecordId }>(
          `SELECT id FROM ${form.table} WHERE deleted_at < $1 ORDER BY id LIMIT ${sweepChunk} FOR UPDATE SKIP LOCKED`,
          [before],
        );
        if (rows.length > 0)
          await removeForGood(
            tx,
            form,
            rows.map((row) => row.id),
          );
        return rows.length;
      });
      gone += taken;
      if (taken > 0) this.changes.mark(ctx.tenantId, form.id, false);
      if (taken < sweepChunk) return gone;
    }
  }

  private async restoreAlong(
    ctx: TenantContext,
    form: FormMeta,
    ids: readonly RecordId[],
    batches: readonly BatchId[],
    batchId: BatchId,
    along: RestoreResult['along'],
  ): Promise<void> {
    if (ids.length === 0 || batches.length === 0) return;
    const system: TenantContext = { ...ctx, actor: { kind: 'system', name: 'undo' } };
    for (const { form: holder, field } of (await this.registry.all(ctx)).pointingAt(form.id)) {
      if ((field.config as { onDelete: string }).onDelete !== 'cascade') continue;
      const rows = await this.database.withTenant(ctx, (tx) =>
        tx.sql<{ id: RecordId }>(
          `SELECT h.id FROM ${holder.table} h WHERE h.${field.column} = ANY($1::uuid[]) AND h.deleted_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM ${changeTable(holder)} c WHERE c.record_id = h.id AND c.kind = 'delete' AND c.batch_id = ANY($2::uuid[]))`,
          [[...ids], [...batches]],
        ),
      );
      if (rows.length === 0) continue;
      const { results } = await this.writer.write(system, { formId: holder.id, op: 'restore', rows, batchId });
      const back = results.flatMap((result) =>
        result.status === 'restored' && result.id ? [result.id as RecordId] : [],
      );
      along.push({ formId: holder.id, formName: holder.name, count: back.length });
      await this.restoreAlong(ctx, holder, back, batches, batchId, along);
    }
  }
}

/** The batches in which the records were last deleted. */
async function lastDeletions(tx: Tx, form: FormMeta, ids: readonly RecordId[]): Promise<BatchId[]> {
  const rows = await tx.sql<{ batch_id: BatchId | null }>(
    `SELECT DISTINCT ON (record_id) batch_id FROM ${changeTable(form)}
     WHERE record_id = ANY($1::uuid[]) AND form_id = $2 AND kind = 'delete' ORDER BY record_id, id DESC`,
    [[...ids], form.id],
  );
  return [...new Set(rows.flatMap((row) => row.batch_id ?? []))];
}

/** The rows with everything that hangs on them; relations that point at them stay and show nothing. */
async function removeForGood(tx: Tx, form: FormMeta, ids: readonly RecordId[]): Promise<void> {
  const schema = ident(tenantName(form.tenantId));
  for (const part of form.parts) {
    const rows = await tx.sql<{ id: RecordId }>(
      `SELECT id FROM ${part.table} WHERE ${parentOf(part).column} = ANY($1::uuid[])`,
      [[...ids]],
    );
    if (rows.length > 0)
      await removeForGood(
        tx,
        part,
        rows.map((row) => row.id),
      );
  }
  for (const table of ['record_comment', 'record_change', 'file_ref', 'duplicate_key'])
    await tx.run(`DELETE FROM ${schema}.${table} WHERE record_id = ANY($1::uuid[])`, [[...ids]]);
  for (const table of ['favourite', 'recent', 'record_share', 'share_request', 'pool_move', 'pool_notice'])
    await tx.run(`DELETE FROM lianke.${table} WHERE record_id = ANY($1::uuid[])`, [[...ids]]);
  await tx.run(`DELETE FROM ${form.table} WHERE id = ANY($1::uuid[])`, [[...ids]]);
}
