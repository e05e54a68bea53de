import type { BatchId, RecordId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { codeOf, Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { actionNames } from '../access/action-names.js';
import { fullAccess } from '../access/form-access.js';
import { languageIn, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { holdShape, ShapeMoved } from '../forms/shape-moved.js';
import { FormChanges } from '../live/form-changes.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { Autonumbers, isGapless } from './autonumbers.js';
import type { WriteOutcome, WriteRequest, WriteRow } from './contracts.js';
import { ScopeBuilder } from './scope-builder.js';
import type { ReadScope } from './sql/read-scope.js';
import { binRows } from './write/bin.js';
import { createRows } from './write/create.js';
import { BatchRefused, toAppError, withheld } from './write/results.js';
import { OutsideScope, scopeNeedsSql } from './write/scope-check.js';
import { updateRows } from './write/update.js';
import { upsertRows } from './write/upsert.js';
import { refuse, type Work } from './write/work.js';
import type { WrittenRecord } from './written-record.js';

const actions = { create: 'create', update: 'edit', upsert: 'edit', delete: 'delete', restore: 'delete' } as const;

/** What a request is written under, found before its transaction begins: nothing may ask for a second connection in it. */
interface Ground {
  form: FormMeta;
  scope: ReadScope;
  org: Org;
  numbers: ReadonlyMap<string, string[]>;
}

/** What else happens in a write's own transaction. */
export interface Around<Outcome> {
  before(tx: Tx): Promise<void>;
  after(tx: Tx, outcome: Outcome): Promise<void>;
}

type Done = WriteOutcome & Pick<Work, 'images'>;

/**
 * The only way in to user tables: validate, access before and after, write, history, event, in three round trips
 * (open with the locking read, one data-modifying statement, commit); two where nothing is read or checked before.
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
  write(ctx: TenantContext, request: WriteRequest, around?: Around<WriteOutcome>): Promise<WriteOutcome> {
    return this.asItStands(ctx, (fresh) => this.writeRows(fresh, request, around));
  }

  private async writeRows(
    ctx: TenantContext,
    request: WriteRequest,
    around?: Around<WriteOutcome>,
  ): Promise<WriteOutcome> {
    const ground = await this.ground(ctx, request);
    try {
      return await this.transact(ctx, request, ground, around, ({ results, batchId }) => ({ results, batchId }));
    } catch (error) {
      if (!(error instanceof BatchRefused)) throw error;
      return { results: error.results, batchId: request.batchId ?? (uuid7() as BatchId) };
    }
  }

  /** The same whatever the actor may see or change: for what follows from a change that was allowed, in his name. */
  async writeAlong(tx: Tx, ctx: TenantContext, request: WriteRequest): Promise<WriteOutcome> {
    const { form, scope, org } = await this.opened(ctx, request);
    const everything: ReadScope = { ...scope, accessOf: () => fullAccess };
    const ground = { form, scope: everything, org, numbers: new Map() };
    const { results, batchId } = await this.run(tx, ctx, request, ground, false);
    return { results, batchId };
  }

  /** Writes as part of the caller's transaction. An atomic request with a refused row throws `BatchRefused`. */
  async writeIn(
    tx: Tx,
    ctx: TenantContext,
    request: WriteRequest,
    options: { granted?: boolean } = {},
  ): Promise<WriteOutcome> {
    const { form, scope: own, org } = await this.opened(ctx, request);
    // An approval grants rights in one form that its approver's roles need not give.
    const scope: ReadScope = options.granted
      ? { ...own, accessOf: (other) => (other.id === form.id ? fullAccess : own.accessOf(other)) }
      : own;
    const { results, batchId } = await this.run(tx, ctx, request, { form, scope, org, numbers: new Map() }, false);
    return { results, batchId };
  }

  /** A single row; its refusal is thrown as the error the caller gets. */
  async writeOne(
    ctx: TenantContext,
    { row, ...rest }: Omit<WriteRequest, 'rows' | 'atomic'> & { row: WriteRow },
    around?: Around<WrittenRecord>,
  ): Promise<WrittenRecord> {
    const request = { ...rest, rows: [row], atomic: true };
    try {
      return await this.asItStands(ctx, async (fresh) => {
        const ground = await this.ground(fresh, request);
        return this.transact(fresh, request, ground, around, (done) => writtenRecord(ground, done));
      });
    } catch (error) {
      const refusal = error instanceof BatchRefused ? error.refusals.get(0) : undefined;
      throw refusal ? toAppError(refusal) : error;
    }
  }

  /** Again with the form as it is now, if a converted field came between reading it and writing. */
  private async asItStands<Outcome>(
    ctx: TenantContext,
    work: (ctx: TenantContext) => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      return await work(ctx);
    } catch (error) {
      if (!(error instanceof ShapeMoved)) throw error;
      const [now] = await this.database.withTenant(ctx, (tx) =>
        tx.sql<{ schema_version: number }>('SELECT schema_version FROM lianke.tenant'),
      );
      return work({ ...ctx, schemaVersion: now?.schema_version ?? ctx.schemaVersion });
    }
  }

  private async transact<Outcome>(
    ctx: TenantContext,
    request: WriteRequest,
    ground: Ground,
    around: Around<Outcome> | undefined,
    outcomeOf: (done: Done) => Outcome,
  ): Promise<Outcome> {
    // A refused row of an atomic request undoes the others, so it has to be known before COMMIT.
    const alone = !around && request.op !== 'upsert' && !(request.atomic && request.rows.length > 1);
    const attempt = () =>
      this.database.withTenant(ctx, async (tx) => {
        await around?.before(tx);
        const outcome = outcomeOf(await this.run(tx, ctx, request, ground, alone));
        await around?.after(tx, outcome);
        return outcome;
      });
    return attempt().catch((error) => {
      // Another writer took a unique value between check and write: the second run's check names the field.
      if (codeOf(error) === '23505') return attempt();
      throw error;
    });
  }

  private async opened(ctx: TenantContext, { formId, accessOf }: WriteRequest): Promise<Omit<Ground, 'numbers'>> {
    const form = await this.registry.form(ctx, formId);
    if (form.owner)
      throw refusal('wrong_state', {
        zh: `“${form.name}”的行和它所属的“${form.owner.form.name}”一起保存`,
        en: `rows of "${form.name}" are saved together with the "${form.owner.form.name}" record they belong to`,
      });
    const scope = await this.scopes.of(ctx);
    return { form, scope: accessOf ? { ...scope, accessOf } : scope, org: await this.org.of(ctx) };
  }

  private async ground(ctx: TenantContext, request: WriteRequest): Promise<Ground> {
    const opened = await this.opened(ctx, request);
    const numbers = new Map<string, string[]>();
    if (request.op === 'create' || request.op === 'upsert')
      for (const field of opened.form.fields)
        if (field.typeName === 'autonumber' && !isGapless(field))
          numbers.set(
            field.id,
            await this.autonumbers.take(ctx, opened.form, field, request.rows.length, this.clock.now()),
          );
    return { ...opened, numbers };
  }

  private async run(tx: Tx, ctx: TenantContext, request: WriteRequest, ground: Ground, alone: boolean): Promise<Done> {
    if (ctx.previewedBy) throw new AppError('preview_read_only');
    const { form, scope, org, numbers } = ground;
    if (form.converting) await holdShape(tx, form);
    const access = scope.accessOf(form);
    const needed = request.op === 'upsert' ? (['create', 'edit'] as const) : [actions[request.op]];
    if (access.actions.size === 0) throw new AppError('not_found');
    for (const action of needed) if (!access.may(action)) throw refusal('forbidden', actionNames[action]);
    const work: Work = {
      tx,
      ctx,
      request,
      form,
      scope,
      org,
      batchId: request.batchId ?? ctx.cause.batchId ?? (uuid7() as BatchId),
      now: this.clock.now(),
      results: [],
      refusals: new Map(),
      events: false,
      alone: alone && !needed.some((action) => scopeNeedsSql(access, action)),
      images: new Map(),
      numbers: async (field, count) =>
        isGapless(field)
          ? this.autonumbers.takeGapless(tx, ctx, form, field, count, work.now)
          : (numbers.get(field.id) ?? (await this.autonumbers.take(ctx, form, field, count, work.now, tx))),
      cascade: (holder, ids) => this.cascade(work, holder, ids),
    };
    if (needed.some((action) => scopeNeedsSql(access, action))) await this.withinScope(work);
    else await this.writeAll(work, new Set());
    work.results.sort((a, b) => a.index - b.index);
    if (request.atomic && work.refusals.size > 0)
      throw new BatchRefused(withheld(work.results, languageIn(ctx)), work.refusals);
    if (work.results.some((result) => result.status !== 'failed' && result.status !== 'unchanged')) {
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, form.id, work.events));
    }
    return { results: work.results, batchId: work.batchId, images: work.images };
  }

  /** Writes, and once more without the rows that turned out to lie outside of the writer's scope: those are refused. */
  private async withinScope(work: Work): Promise<void> {
    const outside = new Set<number>();
    for (;;) {
      try {
        // An atomic request is over with its first refusal: nothing of it has to be kept.
        if (work.request.atomic) return await this.writeAll(work, outside);
        return await work.tx.savepoint(() => this.writeAll(work, outside));
      } catch (error) {
        if (!(error instanceof OutsideScope)) throw error;
        if (work.request.atomic) throw new AppError('outside_scope');
        for (const index of error.indexes) outside.add(index);
        work.results.length = 0;
        work.refusals.clear();
        work.images.clear();
        work.events = false;
      }
    }
  }

  /** @param outside places of rows that are refused unwritten */
  private async writeAll(work: Work, outside: ReadonlySet<number>): Promise<void> {
    const { request } = work;
    const all = request.rows.map((row, index) => ({ row, index }));
    for (const { row, index } of all)
      if (outside.has(index)) refuse(work, { index, id: row.id ?? null }, { code: 'outside_scope' });
    const rows = all.filter(({ index }) => !outside.has(index));
    if (request.op === 'create') await createRows(work, rows);
    else if (request.op === 'update') await updateRows(work, rows);
    else if (request.op === 'upsert') await upsertRows(work, rows);
    else await binRows(work, rows, request.op);
  }

  /** What hangs on deleted records goes with them, whoever may see it. */
  private async cascade(work: Work, form: FormMeta, ids: RecordId[]): Promise<void> {
    const { ctx, org, scope } = work;
    const request: WriteRequest = {
      formId: form.id,
      op: 'delete',
      rows: ids.map((id) => ({ id })),
      batchId: work.batchId,
      followed: true,
      ...(work.request.quiet ? { quiet: true } : {}),
    };
    const everything: ReadScope = { ...scope, accessOf: () => fullAccess };
    await this.run(work.tx, ctx, request, { form, org, scope: everything, numbers: new Map() }, false);
  }
}

function writtenRecord({ form, scope, org }: Ground, { results, images }: Done): WrittenRecord {
  const [result] = results;
  if (!result?.id) throw new Error('a written row has no result');
  const values = images.get(0);
  return {
    id: result.id as RecordId,
    version: result.version ?? 1,
    status: result.status,
    ...(values ? { image: { form, scope, org, values } } : {}),
  };
}
