import type { FormAction } from '@lianke/shared/forms/definition';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { RecordCompanions } from '../duplicates/companions.js';
import { moveBack } from '../duplicates/moved-along.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { openImage } from '../sealed/sealed-images.js';
import { ApprovalsAlong } from './approvals-along.js';
import { BulkLog } from './bulk/bulk-log.js';
import type { WriteRow } from './contracts.js';
import { type ChangeRow, changeTable } from './history.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { earlier } from './rows-again.js';
import { type KeptUndoReport, type UndoReport, undoTold } from './undo-report.js';

const chunk = 5000;
const namedRows = 200;

/** Takes a batch back: created rows go to the recycle bin, changed ones get their old values, deleted ones return. */
@Injectable()
export class UndoService {
  constructor(
    private readonly database: Database,
    private readonly writer: RecordWriter,
    private readonly reader: RecordReader,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly log: BulkLog,
    private readonly companions: RecordCompanions,
    private readonly approvals: ApprovalsAlong,
  ) {}

  /**
   * Only whoever did the batch and still may do the like, or an administrator, may take it back. `progress` is told after
   * every chunk.
   */
  async undo(
    ctx: TenantContext,
    batchId: BatchId,
    progress?: (done: number, total: number) => Promise<void>,
  ): Promise<UndoReport> {
    const forms = await this.formsOf(ctx, batchId);
    if (forms.length === 0) throw new AppError('not_found');
    const me = memberOf(ctx);
    // What a relation's rule deleted along is the system's doing in the person's own batch.
    const own = forms.some((form) => form.mine) && forms.every((form) => !form.others);
    if (me !== null && !(own && (await this.mayStill(ctx, forms))) && !(await this.access.permissions(ctx)).admin)
      throw new AppError('not_found');
    const before = await this.log.undoOf(ctx, batchId);
    if (before) return undoTold(before, await this.org.of(ctx), languageIn(ctx));
    const report: KeptUndoReport = { reversed: 0, kept: 0, failed: 0, rows: [] };
    const undoCtx: TenantContext = {
      ...ctx,
      actor: { kind: 'system', name: 'undo' },
      cause: { ...ctx.cause, door: 'undo', ...(me ? { by: me } : {}) },
    };
    const undoBatch = uuid7() as BatchId;
    let done = 0;
    const total = forms.reduce((sum, form) => sum + form.records, 0);
    // Dependants go before what they depend on: forms are undone in reverse order of their last change.
    for (const { form_id: formId } of forms) {
      const ids = await this.recordsOf(ctx, batchId, formId);
      for (let start = 0; start < ids.length; start += chunk) {
        const part = ids.slice(start, start + chunk);
        await this.undoChunk(undoCtx, formId, await this.changesOf(ctx, batchId, formId, part), undoBatch, report);
        done += part.length;
        await progress?.(done, total);
      }
    }
    const known = await this.registry.all(undoCtx);
    await this.database.withTenant(undoCtx, (tx) =>
      moveBack(tx, undoCtx, batchId, {
        live: (formId) => known.get(formId)?.table,
        companions: this.companions,
      }),
    );
    const given = await this.approvals.giveBack(ctx, batchId);
    report.reversed += given.reversed;
    report.kept += given.kept;
    await this.explain(ctx, batchId, report);
    await this.log.undone(ctx, batchId, report);
    return undoTold(report, await this.org.of(ctx), languageIn(ctx));
  }

  /**
   * Undoing has every right: who may not see the form any more, nor do in it what he did, takes nothing back either. Forms
   * that only followed, for they point at another one of the batch, need no rights: they were written whoever sees them.
   */
  private async mayStill(ctx: TenantContext, forms: readonly BatchForm[]): Promise<boolean> {
    const accessOf = await this.access.ofForms(ctx);
    const registry = await this.registry.all(ctx);
    const mine = forms.filter((form) => form.mine);
    const followers = new Set<string>(
      mine.flatMap(({ form_id }) =>
        registry.pointingAt(form_id).flatMap(({ form }) => (form.id === form_id ? [] : [form.id])),
      ),
    );
    const leading = mine.filter(({ form_id }) => !followers.has(form_id));
    return (leading.length > 0 ? leading : mine).every(({ form_id, kinds }) => {
      const access = accessOf(form_id);
      return access.may('view') && kinds.every((kind) => doing[kind].some((action) => access.may(action)));
    });
  }

  private async undoChunk(
    ctx: TenantContext,
    formId: FormId,
    changes: readonly ChangeRow[],
    batchId: BatchId,
    report: KeptUndoReport,
  ): Promise<void> {
    for (const { op, rows } of stepsOf(changes)) {
      const { results } = await this.writer.write(ctx, { formId, op, rows, batchId, quiet: true, trusted: true });
      const stale = results.filter((result) => ['version_conflict', 'not_found'].includes(result.error?.code ?? ''));
      const before = await this.undoneBefore(
        ctx,
        formId,
        stale.flatMap((result) => rows[result.index] ?? []),
      );
      for (const result of results) {
        const recordId = result.id ?? rows[result.index]?.id;
        if (result.status !== 'failed' || before.has(recordId ?? '')) {
          report.reversed++;
          continue;
        }
        const kept = result.error?.code === 'version_conflict' || result.error?.code === 'not_found';
        report[kept ? 'kept' : 'failed']++;
        if (!recordId || report.rows.length >= namedRows) continue;
        const reason = result.error?.fields?.[0]?.message ?? result.error?.message ?? '';
        report.rows.push({ formId, recordId, label: '', outcome: kept ? 'kept' : 'failed', reason });
      }
    }
  }

  /** Names the records that stayed as they are, as far as the person may see them, and who changed them since. */
  private async explain(ctx: TenantContext, batchId: BatchId, report: KeptUndoReport): Promise<void> {
    for (const [formId, rows] of groupBy(report.rows, (row) => row.formId as FormId)) {
      const ids = rows.map((row) => row.recordId as RecordId);
      const form = await this.registry.form(ctx, formId);
      const seen = await this.reader.getMany(ctx, formId, ids).catch(() => []);
      const labels = new Map<string, string>(seen.map((record) => [record.id, record.label]));
      const later = await this.database.withTenant(ctx, (tx) =>
        tx.sql<Pick<ChangeRow, 'record_id' | 'actor_id' | 'kind'>>(
          `SELECT DISTINCT ON (record_id) record_id, actor_id, kind FROM ${changeTable(form)}
           WHERE record_id = ANY($1::uuid[]) AND batch_id IS DISTINCT FROM $2 ORDER BY record_id, id DESC`,
          [ids, batchId],
        ),
      );
      const last = new Map<string, (typeof later)[number]>(later.map((change) => [change.record_id, change]));
      for (const row of rows) {
        row.label = labels.get(row.recordId) ?? '';
        const change = last.get(row.recordId);
        if (row.outcome === 'kept' && change)
          row.later = { kind: change.kind, by: (change.actor_id ?? null) as MemberId | null };
      }
    }
  }

  /** Rows that an undo, cut off before it could tell, has put back already: its change follows theirs. */
  private async undoneBefore(ctx: TenantContext, formId: FormId, rows: readonly WriteRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const found = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ record_id: string }>(
        `SELECT c.record_id FROM ${changeTable(ctx)} c
         JOIN unnest($2::uuid[], $3::int[]) AS w(record_id, version) ON c.record_id = w.record_id AND c.version = w.version + 1
         WHERE c.form_id = $1 AND c.door = 'undo'`,
        [formId, rows.map((row) => row.id ?? null), rows.map((row) => row.version ?? null)],
      ),
    );
    return new Set(found.map((change) => change.record_id));
  }

  /** The forms of a batch, the one changed last first, with whose doing the changes were. */
  private async formsOf(ctx: TenantContext, batchId: BatchId): Promise<BatchForm[]> {
    const forms = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Omit<BatchForm, 'records'> & { records: string }>(
        `SELECT form_id, count(DISTINCT record_id) AS records, array_agg(DISTINCT kind) FILTER (WHERE actor_id = $2) AS kinds,
           bool_or(actor_id = $2) AS mine,
           bool_or(actor_id IS NOT NULL AND actor_id IS DISTINCT FROM $2) AS others
         FROM ${changeTable(ctx)} WHERE batch_id = $1 GROUP BY form_id ORDER BY min(id::text) DESC`,
        [batchId, memberOf(ctx)],
      ),
    );
    return forms.map((form) => ({ ...form, kinds: form.kinds ?? [], records: Number(form.records) }));
  }

  /** Records in the order of their first change. */
  private async recordsOf(ctx: TenantContext, batchId: BatchId, formId: FormId): Promise<RecordId[]> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ record_id: RecordId }>(
        `SELECT record_id FROM ${changeTable(ctx)} WHERE batch_id = $1 AND form_id = $2 GROUP BY record_id ORDER BY min(id::text)`,
        [batchId, formId],
      ),
    );
    return rows.map((row) => row.record_id);
  }

  private async changesOf(
    ctx: TenantContext,
    batchId: BatchId,
    formId: FormId,
    records: readonly RecordId[],
  ): Promise<ChangeRow[]> {
    const form = (await this.registry.all(ctx)).get(formId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ChangeRow>(
        `SELECT * FROM ${changeTable(ctx)} WHERE batch_id = $1 AND form_id = $2 AND record_id = ANY($3::uuid[]) ORDER BY id`,
        [batchId, formId, records],
      ),
    );
    return form ? rows.map((row) => ({ ...row, changes: openImage(form, row.changes) })) : rows;
  }
}

/** What of one form a batch changed. */
interface BatchForm {
  form_id: FormId;
  records: number;
  /** What the asker did. */
  kinds: ChangeRow['kind'][];
  /** Some changes are the asker's, some another person's. */
  mine: boolean | null;
  others: boolean | null;
}

/** By what one of them a change is made. */
const doing: Record<ChangeRow['kind'], readonly FormAction[]> = {
  create: ['create', 'import'],
  update: ['edit', 'import'],
  delete: ['delete'],
  restore: ['delete'],
};
const reverse = { create: 'delete', restore: 'delete', delete: 'restore', update: 'update' } as const;

interface Step {
  op: 'delete' | 'update' | 'restore';
  rows: WriteRow[];
}

/**
 * What takes the changes back, in the opposite order: a value that one record gave up is free again before the other
 * takes it, and a record is there again before others point at it. One row a record: its last change in the batch fixes
 * the version and the place, its first one the values to go back to.
 */
function stepsOf(changes: readonly ChangeRow[]): Step[] {
  const steps: Step[] = [];
  const byRecord = [...groupBy(changes, (change) => change.record_id)].map(([id, list]) => ({ id, list }));
  byRecord.sort((a, b) => ((a.list.at(-1)?.id ?? '') < (b.list.at(-1)?.id ?? '') ? 1 : -1));
  for (const { id, list } of byRecord) {
    const first = list[0];
    const last = list.at(-1);
    if (!first || !last) continue;
    const values: Record<string, Json> = {};
    for (const change of [...list].reverse())
      for (const [field, pair] of Object.entries(change.changes ?? {}))
        if (field !== '#') values[field] = earlier(pair[0], values[field]);
    const op = reverse[first.kind];
    const row = { id: id as RecordId, version: last.version, ...(op === 'update' ? { values } : {}) };
    const step = steps.at(-1);
    if (step?.op === op) step.rows.push(row);
    else steps.push({ op, rows: [row] });
  }
  return steps;
}
