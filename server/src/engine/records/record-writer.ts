import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { BatchResult } from '@lianke/shared/records/write';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { codeOf, Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { FormChanges } from '../live/form-changes.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Autonumbers } from './autonumbers.js';
import type { WriteOutcome, WriteRequest, WriteRow } from './contracts.js';
import { ScopeBuilder } from './scope-builder.js';
import { binRows } from './write/bin.js';
import { createRows } from './write/create.js';
import { BatchRefused, toAppError, withheld } from './write/results.js';
import { updateRows } from './write/update.js';
import { upsertRows } from './write/upsert.js';
import type { Work } from './write/work.js';

const actions = { create: 'create', update: 'edit', upsert: 'edit', delete: 'delete', restore: 'delete' } as const;

/**
 * The only way in to user tables: validate, access before and after, write, history, event, in three round trips
 * (open with the locking read, one data-modifying statement, commit).
 */
@Injectable()
export class RecordWriter {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly scopes: ScopeBuilder,
    private readonly autonumbers: Autonumbers,
    private readonly changes: FormChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Writes in a transaction of its own. Refused rows are in `results`; an atomic request with one writes nothing. */
  async write(ctx: TenantContext, request: WriteRequest): Promise<WriteOutcome> {
    const numbers = await this.reserveNumbers(ctx, request);
    const attempt = () => this.database.withTenant(ctx, (tx) => this.run(tx, ctx, request, numbers));
    try {
      return await attempt().catch((error) => {
        // Another writer took a unique value between check and write: the second run's check names the field.
        if (codeOf(error) === '23505') return attempt();
        throw error;
      });
    } catch (error) {
      if (!(error instanceof BatchRefused)) throw error;
      return { results: error.results, batchId: request.batchId ?? (uuid7() as BatchId) };
    }
  }

  /** Writes as part of the caller's transaction. An atomic request with a refused row throws `BatchRefused`. */
  async writeIn(tx: Tx, ctx: TenantContext, request: WriteRequest): Promise<WriteOutcome> {
    return this.run(tx, ctx, request, undefined);
  }

  /** A single row; its refusal is thrown as the error the caller gets. */
  async writeOne(
    ctx: TenantContext,
    request: Omit<WriteRequest, 'rows' | 'atomic'> & { row: WriteRow },
  ): Promise<{ id: RecordId; version: number; status: BatchResult['status'] }> {
    const { row, ...rest } = request;
    const numbers = await this.reserveNumbers(ctx, { ...rest, rows: [row] });
    const attempt = () =>
      this.database.withTenant(ctx, (tx) => this.run(tx, ctx, { ...rest, rows: [row], atomic: true }, numbers));
    try {
      const { results } = await attempt().catch((error) =>
        codeOf(error) === '23505' ? attempt() : Promise.reject(error),
      );
      const [result] = results;
      if (!result?.id) throw new Error('a written row has no result');
      return { id: result.id as RecordId, version: result.version ?? 1, status: result.status };
    } catch (error) {
      const refusal = error instanceof BatchRefused ? error.refusals.get(0) : undefined;
      throw refusal ? toAppError(refusal) : error;
    }
  }

  private async reserveNumbers(ctx: TenantContext, request: WriteRequest): Promise<Map<string, string[]> | undefined> {
    if (request.op !== 'create' && request.op !== 'upsert') return undefined;
    const form = await this.registry.form(ctx, request.formId);
    const numbers = new Map<string, string[]>();
    for (const field of form.fields) {
      if (field.typeName === 'autonumber')
        numbers.set(field.id, await this.autonumbers.take(ctx, form, field, request.rows.length, this.clock.now()));
    }
    return numbers;
  }

  private async run(
    tx: Tx,
    ctx: TenantContext,
    request: WriteRequest,
    numbers: Map<string, string[]> | undefined,
  ): Promise<WriteOutcome> {
    const form = await this.registry.form(ctx, request.formId);
    const scope = await this.scopes.of(ctx);
    const access = scope.accessOf(form);
    const needed = request.op === 'upsert' ? (['create', 'edit'] as const) : [actions[request.op]];
    if (access.actions.size === 0) throw new AppError('not_found');
    for (const action of needed)
      if (!access.may(action)) throw new AppError('forbidden', { action: actionNames[action] });
    const work: Work = {
      tx,
      ctx,
      request,
      form,
      scope,
      org: await this.org.of(ctx),
      batchId: request.batchId ?? ctx.cause.batchId ?? (uuid7() as BatchId),
      now: this.clock.now(),
      results: [],
      refusals: new Map(),
      events: false,
      numbers: async (field, count) =>
        numbers?.get(field.id) ?? (await this.autonumbers.take(ctx, form, field, count, work.now, tx)),
      cascade: (holder, ids) => this.cascade(work, holder, ids),
    };
    const rows = request.rows.map((row, index) => ({ row, index }));
    if (request.op === 'create') await createRows(work, rows);
    else if (request.op === 'update') await updateRows(work, rows);
    else if (request.op === 'upsert') await upsertRows(work, rows);
    else await binRows(work, rows, request.op);
    work.results.sort((a, b) => a.index - b.index);
    if (request.atomic && work.refusals.size > 0) throw new BatchRefused(withheld(work.results), work.refusals);
    if (work.results.some((result) => result.status !== 'failed' && result.status !== 'unchanged')) {
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, form.id, work.events));
    }
    return { results: work.results, batchId: work.batchId };
  }

  /** What hangs on deleted records goes with them, whoever may see it. */
  private async cascade(work: Work, form: FormMeta, ids: RecordId[]): Promise<void> {
    const system: TenantContext = { ...work.ctx, actor: { kind: 'system', name: 'flow' } };
    await this.run(
      work.tx,
      system,
      {
        formId: form.id as FormId,
        op: 'delete',
        rows: ids.map((id) => ({ id })),
        batchId: work.batchId,
        ...(work.request.quiet ? { quiet: true } : {}),
      },
      undefined,
    );
  }
}

const actionNames = { create: '新增数据', edit: '修改数据', delete: '删除数据' } as const;
