import type { BatchId, FieldId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { poolMoveKinds } from '@lianke/shared/pools/api';
import type { BatchResult } from '@lianke/shared/records/write';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { everyRow, FormAccess, fullAccess, type Scope } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ScopeBuilder } from '../records/scope-builder.js';
import type { PoolCause } from './pool-causes.js';

/** Records that change hands by way of the pool. */
export interface OwnerMove {
  form: FormMeta;
  ids: readonly RecordId[];
  /** They must be among these when their rows are locked. */
  rows: Scope;
  to: MemberId | null;
  kind: (typeof poolMoveKinds)[number];
  /** As somebody typed it. */
  reason: string;
  /** The rule that returns them. */
  cause?: PoolCause;
  batchId: BatchId;
}

/**
 * Changes owners through the one write path, with a right to nothing else: the locking read finds only rows that are still
 * where they are moved from, so that of two movers the second finds none.
 */
@Injectable()
export class OwnerWriter {
  constructor(
    private readonly writer: RecordWriter,
    private readonly reader: RecordReader,
    private readonly scopes: ScopeBuilder,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Loads what a write looks up: nothing may ask for a second connection within its transaction. */
  async warm(ctx: TenantContext, formId: FormId): Promise<void> {
    const { key: _, ...rest } = ctx;
    await Promise.all([
      this.scopes.of(ctx),
      this.reader.getMany({ ...rest, actor: { kind: 'system', name: 'pool' } }, formId, []),
    ]);
  }

  /** @returns one result an id, by its place in `ids` */
  async write(tx: Tx, ctx: TenantContext, move: OwnerMove): Promise<BatchResult[]> {
    const { form, ids, rows, to, kind, reason, cause, batchId } = move;
    if (ids.length === 0) return [];
    const before = new Map(
      (await this.reader.stored(tx, ctx, form.id, ids)).map((record) => [record.id, record.values.owner ?? null]),
    );
    const access = movingAccess(form, rows);
    const { results } = await this.writer.writeIn(tx, ctx, {
      formId: form.id,
      op: 'update',
      rows: ids.map((id) => ({ id, values: { owner: to } })),
      batchId,
      accessOf: (other) => (other.id === form.id ? access : fullAccess),
    });
    const done = results.flatMap((result) => (result.status === 'updated' ? (ids[result.index] ?? []) : []));
    if (done.length > 0)
      await tx.run(
        `INSERT INTO lianke.pool_move (tenant_id, id, form_id, record_id, kind, from_id, to_id, reason, cause, cause_days, at)
         SELECT $1, m.id, $2, m.record_id, $3, m.from_id, $4, $5, $6, $7, $8
         FROM unnest($9::uuid[], $10::uuid[], $11::uuid[]) AS m(id, record_id, from_id)`,
        [
          ctx.tenantId,
          form.id,
          kind,
          to,
          reason,
          cause?.kind ?? null,
          cause?.days ?? null,
          this.clock.now(),
          done.map(() => uuid7()),
          done,
          done.map((id) => (to === null ? ((before.get(id) as string | null | undefined) ?? null) : null)),
        ],
      );
    return results;
  }
}

function movingAccess(form: FormMeta, rows: Scope): FormAccess {
  const rights = new Map(
    form.fields
      .filter((field) => field.id !== ('owner' as FieldId))
      .map((field) => [field.id as string, 'read' as const]),
  );
  return new FormAccess(
    new Map([
      ['view', rows],
      ['edit', everyRow],
    ]),
    rights,
  );
}
