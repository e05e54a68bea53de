import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { WriteRow } from './contracts.js';
import type { ChangeRow } from './history.js';
import { RecordWriter } from './record-writer.js';

/** How an undone batch ended: put back, left because somebody changed it since, or refused. */
export interface UndoReport {
  reversed: number;
  kept: number;
  failed: number;
}

const chunk = 5000;

/** Takes a batch back: created rows go to the recycle bin, changed ones get their old values, deleted ones return. */
@Injectable()
export class UndoService {
  constructor(
    private readonly database: Database,
    private readonly writer: RecordWriter,
    private readonly access: AccessService,
  ) {}

  /** Only whoever did the batch, or an administrator, may take it back. `progress` is told after every chunk. */
  async undo(
    ctx: TenantContext,
    batchId: BatchId,
    progress?: (done: number, total: number) => Promise<void>,
  ): Promise<UndoReport> {
    const changes = await this.changesOf(ctx, batchId);
    if (changes.length === 0) throw new AppError('not_found');
    const me = memberOf(ctx);
    const own = changes.every((change) => change.actor_id === me);
    if (me !== null && !own && !(await this.access.permissions(ctx)).admin) throw new AppError('not_found');
    const report: UndoReport = { reversed: 0, kept: 0, failed: 0 };
    const undoCtx: TenantContext = {
      ...ctx,
      actor: { kind: 'system', name: 'undo' },
      cause: { ...ctx.cause, door: 'undo' },
    };
    const undoBatch = uuid7() as BatchId;
    let done = 0;
    // Dependants go before what they depend on: forms are undone in reverse order of their last change.
    for (const [formId, rows] of [...groupBy(changes, (change) => change.form_id)].reverse()) {
      for (let start = 0; start < rows.length; start += chunk) {
        const part = rows.slice(start, start + chunk);
        await this.undoChunk(undoCtx, formId, part, undoBatch, report);
        done += part.length;
        await progress?.(done, changes.length);
      }
    }
    return report;
  }

  private async undoChunk(
    ctx: TenantContext,
    formId: FormId,
    changes: readonly ChangeRow[],
    batchId: BatchId,
    report: UndoReport,
  ): Promise<void> {
    const work: { op: 'delete' | 'update' | 'restore'; rows: WriteRow[] }[] = [
      { op: 'delete', rows: rowsOf(changes, 'create', 'restore') },
      { op: 'restore', rows: rowsOf(changes, 'delete') },
      { op: 'update', rows: rowsOf(changes, 'update') },
    ];
    for (const { op, rows } of work) {
      if (rows.length === 0) continue;
      const { results } = await this.writer.write(ctx, { formId, op, rows, batchId, quiet: true, trusted: true });
      for (const result of results) {
        if (result.status !== 'failed') report.reversed++;
        else if (result.error?.code === 'version_conflict' || result.error?.code === 'not_found') report.kept++;
        else report.failed++;
      }
    }
  }

  private changesOf(ctx: TenantContext, batchId: BatchId): Promise<ChangeRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<ChangeRow>(
        `SELECT * FROM ${ident(tenantName(ctx.tenantId))}.record_change WHERE batch_id = $1 ORDER BY id`,
        [batchId],
      ),
    );
  }
}

/** One row a record: its last change in the batch fixes the version, its first one the values to go back to. */
function rowsOf(changes: readonly ChangeRow[], ...kinds: ChangeRow['kind'][]): WriteRow[] {
  const byRecord = groupBy(changes, (change) => change.record_id);
  return [...byRecord].flatMap(([id, list]) => {
    const first = list[0];
    const last = list.at(-1);
    if (!first || !last || !kinds.includes(first.kind)) return [];
    const values: Record<string, Json> = {};
    for (const change of [...list].reverse())
      for (const [field, pair] of Object.entries(change.changes ?? {})) if (field !== '#') values[field] = pair[0];
    return [{ id: id as RecordId, version: last.version, ...(first.kind === 'update' ? { values } : {}) }];
  });
}
