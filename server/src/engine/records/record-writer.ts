import { createHash } from 'node:crypto';
import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { BatchResult } from '@lianke/shared/records/write';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { codeOf, Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { baseColumn } from '../forms/table-ddl.js';
import { FormChanges } from '../live/form-changes.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Autonumbers } from './autonumbers.js';
import type { StoredValues, WriteOutcome, WriteRequest, WriteRow } from './contracts.js';
import { changeTable } from './history.js';
import { ScopeBuilder } from './scope-builder.js';
import { recordGrams } from './search-grams.js';
import { scopeSql } from './sql/filter-sql.js';
import { Params } from './sql/params.js';
import type { ReadScope } from './sql/read-scope.js';
import { matchRows } from './write/match.js';
import { type PreparedRow, prepareRow } from './write/prepare.js';
import { checkReferences } from './write/references.js';
import { cascadeDelete, dependentForms } from './write/relations.js';
import { BatchRefused, type RowRefusal, refused, toAppError } from './write/results.js';
import { outsideScope, scopeNeedsSql, violatesScope } from './write/scope-check.js';
import { requestRecompute, writeFileRefs } from './write/side-rows.js';
import { type ChangeEntry, type ChangeShared, insertSql, updateSql } from './write/statements.js';

/** State of one request on its way through. */
interface Work {
  tx: Tx;
  ctx: TenantContext;
  request: WriteRequest;
  form: FormMeta;
  scope: ReadScope;
  batchId: BatchId;
  now: Date;
  results: BatchResult[];
  refusals: Map<number, RowRefusal>;
  events: boolean;
}

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
      batchId: request.batchId ?? ctx.cause.batchId ?? (uuid7() as BatchId),
      now: this.clock.now(),
      results: [],
      refusals: new Map(),
      events: false,
    };
    const indexed = request.rows.map((row, index) => ({ row, index }));
    if (request.op === 'create') await this.create(work, indexed, numbers);
    else if (request.op === 'update') await this.update(work, indexed);
    else if (request.op === 'upsert') await this.upsert(work, indexed, numbers);
    else await this.bin(work, indexed, request.op);
    work.results.sort((a, b) => a.index - b.index);
    if (request.atomic && work.refusals.size > 0) throw new BatchRefused(withheld(work), work.refusals);
    if (work.results.some((result) => result.status !== 'failed' && result.status !== 'unchanged')) {
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, form.id, work.events));
    }
    return { results: work.results, batchId: work.batchId };
  }

  private async prepare(
    work: Work,
    rows: readonly { row: WriteRow; index: number }[],
    creating: boolean,
  ): Promise<PreparedRow[]> {
    const org = await this.org.of(work.ctx);
    const env = {
      ctx: work.ctx,
      form: work.form,
      access: work.scope.accessOf(work.form),
      org,
      now: work.now,
      trusted: Boolean(work.request.trusted),
    };
    return rows.map(({ row, index }) => prepareRow(env, row, index, row.id ?? (uuid7() as RecordId), creating));
  }

  private refuse(work: Work, row: { index: number; id: string | null }, refusal: RowRefusal): void {
    work.refusals.set(row.index, refusal);
    work.results.push(refused(row.index, refusal, row.id));
  }

  /** Rows without field errors; the others are refused. */
  private standing(work: Work, rows: readonly PreparedRow[]): PreparedRow[] {
    return rows.filter((row) => {
      if (row.errors.length === 0) return true;
      this.refuse(
        work,
        { index: row.index, id: row.clientId ? row.id : null },
        { code: 'validation_failed', fields: row.errors },
      );
      return false;
    });
  }

  private async create(
    work: Work,
    rows: readonly { row: WriteRow; index: number }[],
    numbers: Map<string, string[]> | undefined,
  ): Promise<void> {
    const prepared = await this.prepare(work, rows, true);
    for (const field of work.form.fields) {
      if (field.typeName !== 'autonumber') continue;
      const taken =
        numbers?.get(field.id) ??
        (await this.autonumbers.take(work.ctx, work.form, field, prepared.length, work.now, work.tx));
      for (const [index, row] of prepared.entries()) row.values[field.id] ??= taken[index] ?? null;
    }
    const repeats = this.earlierCreates(work, prepared);
    await checkReferences(work.tx, work.ctx, work.form, work.scope, prepared);
    const known = await repeats;
    const fresh = this.standing(
      work,
      prepared.filter((row) => !this.answerRepeat(work, row, known)),
    );
    const allowed = fresh.filter((row) => this.inScope(work, row.index, row.values));
    if (allowed.length === 0) return;
    await this.insert(work, allowed);
  }

  private async insert(work: Work, rows: PreparedRow[]): Promise<void> {
    const fields = usedFields(
      work.form,
      rows.map((row) => row.values),
    );
    const { entries, shared } = this.entries(
      work,
      rows.map((row) => ({
        id: row.id,
        kind: 'create' as const,
        version: 1,
        before: {},
        after: row.values,
        changes: row.clientId ? { '#': [contentHash(row.given), null] } : null,
      })),
    );
    const createdAt = (row: PreparedRow) =>
      typeof row.values.createdAt === 'string' ? row.values.createdAt : work.now;
    const createdBy = (row: PreparedRow) =>
      'createdBy' in row.values ? (row.values.createdBy as string | null) : memberOf(work.ctx);
    const statement = insertSql(
      work.form,
      fields,
      rows.map((row) => ({
        id: row.id,
        values: row.values,
        grams: recordGrams(work.form, row.values),
        createdAt: createdAt(row),
        createdBy: createdBy(row),
      })),
      entries,
      shared,
      this.bases(work.form, rows),
    );
    const written = new Set((await work.tx.sql<{ id: string }>(statement.text, statement.values)).map((row) => row.id));
    const done = rows.filter((row) => written.has(row.id));
    for (const row of rows) {
      if (written.has(row.id)) work.results.push({ index: row.index, status: 'created', id: row.id, version: 1 });
      else
        this.refuse(
          work,
          { index: row.index, id: null },
          { code: 'validation_failed', fields: [{ field: uniqueKeys(work.form), code: 'not_unique' }] },
        );
    }
    if (scopeNeedsSql(work.scope.accessOf(work.form)))
      await outsideScope(
        work.tx,
        work.form,
        work.scope,
        done.map((row) => row.id),
      );
    await this.sideRows(
      work,
      done.map((row) => ({ id: row.id, before: {}, after: row.values })),
    );
  }

  /** 最后联系时间 of an import is kept as the base that follow-ups can only exceed. */
  private bases(form: FormMeta, rows: readonly PreparedRow[]): { column: string; values: (string | null)[] }[] {
    return form.fields
      .filter((field) => field.typeName === 'lastContact' && rows.some((row) => field.id in row.values))
      .map((field) => ({
        column: baseColumn(field),
        values: rows.map((row) => (row.values[field.id] as string | null) ?? null),
      }));
  }

  /** The same id sent again by the same actor with the same content answers the first result, for ever. */
  private async earlierCreates(
    work: Work,
    rows: readonly PreparedRow[],
  ): Promise<Map<string, { hash: Json; actor: string | null }>> {
    const ids = rows.filter((row) => row.clientId).map((row) => row.id);
    if (ids.length === 0) return new Map();
    const found = await work.tx.sql<{
      record_id: string;
      changes: Record<string, Json[]> | null;
      actor_id: string | null;
    }>(
      `SELECT record_id, changes, actor_id FROM ${changeTable(work.form)} WHERE record_id = ANY($1::uuid[]) AND kind = 'create'`,
      [ids],
    );
    return new Map(found.map((row) => [row.record_id, { hash: row.changes?.['#']?.[0] ?? null, actor: row.actor_id }]));
  }

  private answerRepeat(
    work: Work,
    row: PreparedRow,
    known: ReadonlyMap<string, { hash: Json; actor: string | null }>,
  ): boolean {
    const earlier = known.get(row.id);
    if (!earlier) return false;
    if (earlier.actor === memberOf(work.ctx) && earlier.hash === contentHash(row.given))
      work.results.push({ index: row.index, status: 'created', id: row.id, version: 1 });
    else this.refuse(work, { index: row.index, id: null }, { code: 'different_content' });
    return true;
  }

  private async update(work: Work, rows: readonly { row: WriteRow; index: number }[]): Promise<void> {
    const prepared = await this.prepare(work, rows, false);
    const locking = this.lock(
      work,
      prepared.map((row) => row.id),
      false,
    );
    await checkReferences(work.tx, work.ctx, work.form, work.scope, prepared);
    const current = await locking;
    const standing = this.standing(work, prepared).flatMap((row) => {
      const now = current.get(row.id);
      if (!now) {
        this.refuse(work, row, { code: 'not_found' });
        return [];
      }
      if (row.version !== undefined && row.version !== now.version) {
        this.refuse(work, row, {
          code: 'version_conflict',
          current: { version: now.version, values: readableValues(work, now.values) },
        });
        return [];
      }
      const changes = changedValues(work.form, now.values, row.values);
      if (Object.keys(changes).length === 0) {
        work.results.push({ index: row.index, status: 'unchanged', id: row.id, version: now.version });
        return [];
      }
      const after = { ...now.values, ...row.values };
      return this.inScope(work, row.index, after, row.id) ? [{ row, now, after, changes }] : [];
    });
    if (standing.length === 0) return;
    const fields = work.form.fields.filter((field) => standing.some((item) => field.id in item.changes));
    const searchable = new Set<string>(work.form.searchFields.map((field) => field.id));
    const { entries, shared } = this.entries(
      work,
      standing.map((item) => ({
        id: item.row.id,
        kind: 'update' as const,
        version: item.now.version + 1,
        before: item.now.values,
        after: item.after,
        changes: item.changes,
      })),
    );
    const statement = updateSql(
      work.form,
      fields,
      standing.map((item) => ({
        id: item.row.id,
        values: item.after,
        grams: Object.keys(item.changes).some((id) => searchable.has(id)) ? recordGrams(work.form, item.after) : null,
      })),
      entries,
      shared,
      undefined,
      this.bases(
        work.form,
        standing.map((item) => item.row),
      ),
    );
    await work.tx.sql(statement.text, statement.values);
    for (const item of standing)
      work.results.push({ index: item.row.index, status: 'updated', id: item.row.id, version: item.now.version + 1 });
    if (scopeNeedsSql(work.scope.accessOf(work.form)))
      await outsideScope(
        work.tx,
        work.form,
        work.scope,
        standing.map((item) => item.row.id),
      );
    await this.sideRows(
      work,
      standing.map((item) => ({ id: item.row.id, before: item.now.values, after: item.after })),
    );
  }

  private async upsert(
    work: Work,
    rows: readonly { row: WriteRow; index: number }[],
    numbers: Map<string, string[]> | undefined,
  ): Promise<void> {
    const matched = await matchRows(work.tx, work.form, work.scope, work.request.matchOn ?? [], rows);
    for (const { index, detail } of matched.ambiguous)
      this.refuse(work, { index, id: null }, { code: 'invalid_request', params: { detail } });
    if (matched.create.length > 0) await this.create(work, matched.create, numbers);
    if (matched.update.length > 0) await this.update(work, matched.update);
  }

  private async bin(
    work: Work,
    rows: readonly { row: WriteRow; index: number }[],
    op: 'delete' | 'restore',
  ): Promise<void> {
    const wanted = rows.flatMap(({ row, index }) => (row.id ? [{ id: row.id, index, version: row.version }] : []));
    const current = await this.lock(
      work,
      wanted.map((row) => row.id),
      op === 'restore',
    );
    const blocked =
      op === 'delete'
        ? await cascadeDelete(work.tx, work.form, work.scope, [...current.keys()], (form, ids) =>
            this.cascade(work, form, ids),
          )
        : new Map<string, string>();
    const standing = wanted.flatMap((row) => {
      const now = current.get(row.id);
      const holder = blocked.get(row.id);
      if (!now) this.refuse(work, row, { code: 'not_found' });
      else if (holder) this.refuse(work, row, { code: 'in_use', params: { detail: holder } });
      else if (row.version !== undefined && row.version !== now.version)
        this.refuse(work, row, { code: 'version_conflict' });
      else return [{ ...row, now }];
      return [];
    });
    if (standing.length === 0) return;
    const { entries, shared } = this.entries(
      work,
      standing.map((row) => ({
        id: row.id,
        kind: op,
        version: row.now.version + 1,
        before: row.now.values,
        after: row.now.values,
        changes: null,
      })),
    );
    const statement = updateSql(
      work.form,
      [],
      standing.map((row) => ({ id: row.id, values: {}, grams: null })),
      entries,
      shared,
      op,
    );
    await work.tx.sql(statement.text, statement.values);
    for (const row of standing)
      work.results.push({
        index: row.index,
        status: op === 'delete' ? 'deleted' : 'restored',
        id: row.id,
        version: row.now.version + 1,
      });
    await requestRecompute(
      work.tx,
      work.ctx,
      dependentForms(work.scope.forms, work.form),
      standing.map((row) => ({ id: row.id, before: row.now.values, after: row.now.values })),
      true,
    );
  }

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

  /** Locks the rows the writer may see, in id order, and reads what they hold. */
  private async lock(
    work: Work,
    ids: readonly RecordId[],
    deleted: boolean,
  ): Promise<Map<string, { version: number; values: StoredValues }>> {
    const params = new Params();
    const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`, `t.deleted_at IS ${deleted ? 'NOT ' : ''}NULL`];
    const seen = scopeSql(work.scope.accessOf(work.form).scope, work.form, 't', work.scope, params);
    if (seen) where.push(seen);
    const columns = work.form.fields.map((field) => `t.${field.column}`).join(', ');
    const rows = await work.tx.sql<Record<string, unknown>>(
      `SELECT t.id, t.version, ${columns} FROM ${work.form.table} t WHERE ${where.join(' AND ')} ORDER BY t.id FOR UPDATE OF t`,
      params.values,
    );
    return new Map(
      rows.map((row) => [
        row.id as string,
        {
          version: row.version as number,
          values: Object.fromEntries(
            work.form.fields.map((field) => [field.id, (row[field.column.slice(1, -1)] ?? null) as Json]),
          ),
        },
      ]),
    );
  }

  private inScope(work: Work, index: number, after: StoredValues, id: string | null = null): boolean {
    if (!violatesScope(work.form, work.scope, after)) return true;
    this.refuse(work, { index, id }, { code: 'outside_scope' });
    return false;
  }

  private entries(
    work: Work,
    rows: readonly {
      id: string;
      kind: ChangeEntry['kind'];
      version: number;
      before: StoredValues;
      after: StoredValues;
      changes: Record<string, [Json, Json]> | null;
    }[],
  ): { entries: ChangeEntry[]; shared: ChangeShared } {
    const watched = work.form.watched && !work.request.quiet;
    if (watched) work.events = true;
    const { ctx } = work;
    return {
      entries: rows.map((row) => ({
        changeId: uuid7(),
        recordId: row.id,
        kind: row.kind,
        version: row.version,
        changes: row.changes,
        ...(watched ? { event: eventOf(row) } : {}),
      })),
      shared: {
        tenantId: ctx.tenantId,
        actorId: memberOf(ctx),
        actorKind: ctx.actor.kind === 'member' ? 'member' : ctx.actor.name,
        door: ctx.cause.door,
        batchId: work.batchId,
        depth: ctx.cause.depth,
        runId: ctx.cause.runId ?? null,
        at: work.now,
      },
    };
  }

  private async sideRows(
    work: Work,
    rows: readonly { id: string; before: StoredValues; after: StoredValues }[],
  ): Promise<void> {
    await Promise.all([
      writeFileRefs(work.tx, work.form, rows),
      requestRecompute(work.tx, work.ctx, dependentForms(work.scope.forms, work.form), rows, false),
    ]);
  }
}

const actionNames = { create: '新增数据', edit: '修改数据', delete: '删除数据' } as const;

/** `after` is the whole record, so that trigger conditions may name any field; `before` holds what changed. */
function eventOf(row: {
  kind: ChangeEntry['kind'];
  before: StoredValues;
  after: StoredValues;
  changes: Record<string, [Json, Json]> | null;
}): NonNullable<ChangeEntry['event']> {
  const changed = row.kind === 'create' ? Object.keys(row.after) : Object.keys(row.changes ?? {});
  const before = Object.fromEntries(changed.map((id) => [id, row.before[id] ?? null]));
  return { id: uuid7(), before: row.kind === 'create' ? {} : before, after: row.after, changed };
}

/** Fields that at least one row sets; `createdAt`, `createdBy` have columns of their own in the statement. */
function usedFields(form: FormMeta, rows: readonly StoredValues[]): FieldMeta[] {
  return form.fields.filter(
    (field) =>
      !['createdAt', 'createdBy', 'updatedAt', 'updatedBy'].includes(field.id) &&
      rows.some((values) => field.id in values && values[field.id] !== null),
  );
}

/** `{field: [before, after]}` of the values that differ. */
function changedValues(form: FormMeta, before: StoredValues, values: StoredValues): Record<string, [Json, Json]> {
  const changes: Record<string, [Json, Json]> = {};
  for (const field of form.fields) {
    if (!(field.id in values)) continue;
    const old = before[field.id] ?? null;
    const next = values[field.id] ?? null;
    if (!sameValue(field, old, next)) changes[field.id] = [old, next];
  }
  return changes;
}

function sameValue(field: FieldMeta, a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (field.storage === 'numeric')
    return Number(a) === Number(b) && String(a).replace(/\.?0+$/, '') === String(b).replace(/\.?0+$/, '');
  return typeof a === 'object' && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function contentHash(values: StoredValues): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url');
}

function readableValues(work: Work, values: StoredValues): Record<string, Json> {
  const access = work.scope.accessOf(work.form);
  return Object.fromEntries(
    work.form.fields.filter((field) => access.mayRead(field)).map((field) => [field.key, values[field.id] ?? null]),
  );
}

function uniqueKeys(form: FormMeta): string {
  return form.fields.find((field) => field.def.rules.unique)?.key ?? 'id';
}

/** Results of an atomic request that was refused: nothing was written. */
function withheld(work: Work): BatchResult[] {
  return work.results.map((result) =>
    result.status === 'failed'
      ? result
      : { ...refused(result.index, { code: 'wrong_state', params: { detail: '同批的其他数据有误，整批没有写入' } }) },
  );
}
