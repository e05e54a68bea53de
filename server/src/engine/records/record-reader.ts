import type { FormAction } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { AggregateItem, AggregateQuery, RecordPage, RecordQuery, RecordView } from '@lianke/shared/records/query';
import { type RowAction, rowActions } from '@lianke/shared/records/row-actions';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { actionNames } from '../access/action-names.js';
import type { FormAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { openRows } from '../sealed/sealed-rows.js';
import type { StoredRecord } from './contracts.js';
import { GramFrequencies } from './gram-frequencies.js';
import { historyEntries, historySql } from './history.js';
import { IndexDemand } from './indexes/index-demand.js';
import { aggregateShape, listShape } from './indexes/index-shape.js';
import { hasReferences, Labels, labelsFor } from './labels.js';
import { presenter, rowKey } from './present.js';
import { ScopeBuilder } from './scope-builder.js';
import { aggregateSql } from './sql/aggregate-sql.js';
import { scopeSql } from './sql/filter-sql.js';
import { Params } from './sql/params.js';
import { encodeCursor, exactTotal, listSql, type RowsQuery, totalSql } from './sql/query-sql.js';
import { type ReadScope, resolvePath } from './sql/read-scope.js';
import { readSubforms } from './subform-rows.js';

type Row = Record<string, unknown>;
/** What records are read for: `pool` is looking into the form's pool (公海). */
type Doing = FormAction | 'pool';

/** The only way out of user tables: query → access rewriting → SQL → rows. */
@Injectable()
export class RecordReader {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly scopes: ScopeBuilder,
    private readonly demand: IndexDemand,
    private readonly grams: GramFrequencies,
  ) {}

  /** One page under the reader's rights; `not_found` when the form is not his to see. */
  async query(
    ctx: TenantContext,
    formId: FormId,
    query: RowsQuery,
    /** Only rows with which this is allowed: exports and prints; `pool`: those of the form's pool. */
    doing: Doing = 'view',
  ): Promise<RecordPage> {
    const { form, scope } = await this.open(ctx, formId, doing);
    const columns = this.columns(form, scope, query.fields);
    const search = query.search?.trim();
    const gather = Boolean(search) && !(await this.grams.frequent(ctx, form, search ?? ''));
    const read = withDeciders(form, scope, columns);
    const list = listSql(form, query, read, scope, gather);
    const count = query.total === false ? undefined : totalSql(form, query, scope, gather);
    // Searches are served by their grams, the bin is small, named records by their key.
    if (!query.search && !query.deleted && !query.ids)
      this.demand.note(ctx, form, listShape(form, query, scope.accessOf(form).scope));
    const [rows, totals] = await this.database.withTenant(ctx, (tx) =>
      Promise.all([
        tx.sql<Row>(list.text, list.values, { last: !count }),
        count ? tx.sql<{ n: number }>(count.text, count.values, { last: true }) : [],
      ]),
    );
    const page = rows.slice(0, query.limit);
    openRows(read, page);
    const labels = await this.labels(ctx, columns, page, scope);
    const last = page.at(-1);
    return {
      items: page.map(presenter(form, columns, labels, scope)),
      cursor: rows.length > query.limit && last ? encodeCursor(last, list.keys) : null,
      ...(totals[0]
        ? { total: query.total !== 'exact' && totals[0].n > exactTotal ? { atLeast: exactTotal } : totals[0].n }
        : {}),
    };
  }

  /** Ids of records that meet a filter, in order, read inside the caller's transaction and under its actor's rights. */
  async idsIn(
    tx: Tx,
    ctx: TenantContext,
    formId: FormId,
    query: Pick<RecordQuery, 'filter' | 'sort' | 'limit'>,
  ): Promise<RecordId[]> {
    const { form, scope } = await this.open(ctx, formId);
    const list = listSql(form, { ...query, total: false }, [], scope);
    const rows = await tx.sql<{ id: RecordId }>(list.text, list.values);
    return rows.slice(0, query.limit).map((row) => row.id);
  }

  /** One record, or `not_found`: unreadable and absent answer the same. `within`: the caller's own transaction. */
  async get(ctx: TenantContext, formId: FormId, id: RecordId, within?: Tx): Promise<RecordView> {
    const { form, scope } = await this.open(ctx, formId);
    const [record] = await this.find(ctx, form, scope, [id], { within });
    if (!record) throw new AppError('not_found');
    return record;
  }

  /** What the reader may do with a record that he sees. Actions whose rows are those he sees ask nothing more. */
  async allowed(ctx: TenantContext, formId: FormId, id: RecordId): Promise<RowAction[]> {
    const { form, scope } = await this.open(ctx, formId);
    const access = scope.accessOf(form);
    const may = rowActions.filter((action) => access.may(action));
    const seen = JSON.stringify(access.scope);
    const asked = may.filter((action) => JSON.stringify(access.scopeOf(action)) !== seen);
    if (asked.length === 0) return may;
    const params = new Params();
    const conditions = asked.map((action, at) => {
      const rows = scopeSql(access.scopeOf(action), form, 't', scope, params);
      return `coalesce(${rows ?? 'true'}, false) AS a${at}`;
    });
    const text = `SELECT ${conditions.join(', ')} FROM ${form.table} t WHERE t.id = ${params.add(id, 'uuid')}`;
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Record<string, boolean>>(text, params.values, { last: true }),
    );
    return may.filter((action) => !asked.includes(action) || row?.[`a${asked.indexOf(action)}`] === true);
  }

  /** Records by id under the reader's rights, in no order; unreadable ones are absent. */
  async getMany(
    ctx: TenantContext,
    formId: FormId,
    ids: readonly RecordId[],
    doing: Doing = 'view',
  ): Promise<RecordView[]> {
    const { form, scope } = await this.open(ctx, formId, doing);
    return this.find(ctx, form, scope, ids);
  }

  /** The same inside the caller's transaction, which sees what that has written. */
  aggregateIn(tx: Tx, ctx: TenantContext, formId: FormId, query: AggregateQuery): Promise<AggregateItem[]> {
    return this.aggregate(ctx, formId, query, tx);
  }

  async aggregate(ctx: TenantContext, formId: FormId, query: AggregateQuery, within?: Tx): Promise<AggregateItem[]> {
    const { form, scope } = await this.open(ctx, formId);
    const statement = aggregateSql(form, query, scope);
    const shape = query.search ? undefined : aggregateShape(form, query, scope.accessOf(form).scope);
    if (shape) this.demand.note(ctx, form, shape);
    const rows = within
      ? await within.sql<Row>(statement.text, statement.values)
      : await this.database.withTenant(ctx, (tx) => tx.sql<Row>(statement.text, statement.values, { last: true }));
    const groups = statement.groups.map((field, index) => ({ ...field, column: `"g${index}"` }));
    const labels = await this.labels(ctx, groups, rows, scope);
    return rows.map((row) => ({
      groups: statement.groups.map((field, index) => labels.group(field, row[`g${index}`])),
      metrics: Object.fromEntries(
        query.metrics.map((metric, index) => [metric.as, (row[`m${index}`] ?? null) as string | number | null]),
      ),
    }));
  }

  /** Canonical values by field key as the reader reads them: references with what they are called, unseen fields absent. */
  async labelled(ctx: TenantContext, formId: FormId, values: Record<string, Json>): Promise<Record<string, Json>> {
    const { form, scope } = await this.open(ctx, formId);
    const access = scope.accessOf(form);
    const columns = form.fields.filter((field) => field.key in values && access.mayRead(field));
    const row: Row = Object.fromEntries(columns.map((field) => [rowKey(field), values[field.key] ?? null]));
    const labels = await this.labels(ctx, columns, [row], scope);
    return Object.fromEntries(columns.map((field) => [field.key, labels.value(field, row[rowKey(field)])]));
  }

  /**
   * Canonical values for the engine itself (flows, recompute), past access but never past the tenant. `withDeleted`:
   * records in the recycle bin too.
   */
  async stored(
    tx: Tx,
    ctx: TenantContext,
    formId: FormId,
    ids: readonly RecordId[],
    { withDeleted = false } = {},
  ): Promise<StoredRecord[]> {
    const form = await this.registry.form(ctx, formId);
    const columns = form.fields.map((field) => field.column).join(', ');
    const rows = await tx.sql<Row>(
      `SELECT id, version, ${columns} FROM ${form.table} WHERE id = ANY($1::uuid[])${withDeleted ? '' : ' AND deleted_at IS NULL'}`,
      [ids],
      { repeated: ids.length === 1 },
    );
    openRows(form.fields, rows);
    await readSubforms(tx, form.fields, rows);
    return rows.map((row) => ({
      id: row.id as RecordId,
      version: row.version as number,
      values: storedValues(form, row),
    }));
  }

  /** Changes of one record, newest first, hidden fields left out. */
  async history(
    ctx: TenantContext,
    formId: FormId,
    id: RecordId,
    cursor?: string,
  ): Promise<{ items: HistoryEntry[]; cursor: string | null }> {
    const { form, scope } = await this.open(ctx, formId);
    const org = await this.org.of(ctx);
    const [record] = await this.find(ctx, form, scope, [id], { withDeleted: true });
    if (!record) throw new AppError('not_found');
    const stars = (field: FieldMeta) =>
      scope.accessOf(form).masks(field) || record.masked?.includes(field.key) === true;
    return this.database.withTenant(ctx, async (tx) => {
      const page = await historySql(tx, form, id, cursor);
      return { items: await historyEntries(tx, form, page.rows, scope, org, stars), cursor: page.cursor };
    });
  }

  /** Refuses with `not_found` what he may not see, with `forbidden` what he may see but not do this with. */
  async requireAction(ctx: TenantContext, formId: FormId, id: RecordId, action: FormAction): Promise<void> {
    const form = await this.registry.form(ctx, formId);
    await this.get(ctx, formId, id);
    const access = await this.access.ofForm(ctx, form);
    const opened = access.may(action) ? await this.open(ctx, formId, action) : undefined;
    const found = opened ? await this.find(ctx, form, opened.scope, [id]) : [];
    if (found.length === 0) throw refusal('forbidden', actionNames[action]);
  }

  private async open(
    ctx: TenantContext,
    formId: FormId,
    doing: Doing = 'view',
  ): Promise<{ form: FormMeta; scope: ReadScope }> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view')) throw new AppError('not_found');
    const scope = await this.scopes.of(ctx);
    if (doing === 'view') return { form, scope };
    const narrowed = narrowedTo(access, doing);
    return {
      form,
      scope: { ...scope, accessOf: (other) => (other.id === form.id ? narrowed : scope.accessOf(other)) },
    };
  }

  private async find(
    ctx: TenantContext,
    form: FormMeta,
    scope: ReadScope,
    ids: readonly RecordId[],
    { within, withDeleted = false }: { within?: Tx | undefined; withDeleted?: boolean } = {},
  ): Promise<RecordView[]> {
    const columns = this.columns(form, scope, undefined);
    const params = new Params();
    const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`];
    if (!withDeleted) where.push('t.deleted_at IS NULL');
    const rowsOf = scopeSql(scope.accessOf(form).scope, form, 't', scope, params);
    if (rowsOf) where.push(rowsOf);
    const read = withDeciders(form, scope, columns);
    const text = `SELECT t.id, t.version, t.deleted_at, ${read.map((field) => `t.${field.column}`).join(', ')} FROM ${form.table} t WHERE ${where.join(' AND ')}`;
    const rows = within
      ? await within.sql<Row>(text, params.values)
      : await this.database.withTenant(ctx, (tx) => tx.sql<Row>(text, params.values, { last: true }));
    openRows(read, rows);
    if (columns.some((field) => field.part)) {
      const subforms = (tx: Tx) => readSubforms(tx, columns, rows);
      await (within ? subforms(within) : this.database.withTenant(ctx, subforms));
    }
    const labels = await this.labels(ctx, columns, rows, scope, within);
    return rows.map(presenter(form, columns, labels, scope));
  }

  /** What the rows' references are called; without any there is nothing to read. */
  private async labels(
    ctx: TenantContext,
    columns: Parameters<typeof labelsFor>[1],
    rows: readonly Row[],
    scope: ReadScope,
    within?: Tx,
  ): Promise<Labels> {
    const org = await this.org.of(ctx);
    if (!hasReferences(columns, rows)) return new Labels(org, new Map(), new Map());
    const read = (tx: Tx) => labelsFor(tx, columns, rows, scope, org);
    return within ? read(within) : this.database.withTenant(ctx, read);
  }

  /** Columns to read: the asked fields, or all readable ones; the title comes along for the label. */
  private columns(form: FormMeta, scope: ReadScope, asked: string[] | undefined): FieldMeta[] {
    const access = scope.accessOf(form);
    const fields = asked
      ? asked
          .map((ref) => resolvePath(scope, form, ref, 'one', 'shown'))
          .map((path) => (path.hops.length > 0 ? refusePath(path.field) : path.field))
      : form.fields.filter((field) => access.mayRead(field));
    const title = form.title;
    return title && access.mayRead(title) && !fields.includes(title) ? [...fields, title] : [...fields];
  }
}

/** The columns with those that decide about their masks. */
function withDeciders(form: FormMeta, scope: ReadScope, columns: readonly FieldMeta[]): FieldMeta[] {
  return [...new Set([...columns, ...scope.accessOf(form).decidersOf(form, columns)])];
}

/** The access that sees only the rows that this may be done with. */
function narrowedTo(access: FormAccess, doing: Exclude<Doing, 'view'>): FormAccess {
  if (doing === 'pool') {
    if (!access.pool) throw new AppError('not_found');
    return access.pool.access;
  }
  if (!access.may(doing)) throw refusal('forbidden', actionNames[doing]);
  return access.within(doing);
}

export function storedValues(form: FormMeta, row: Row): StoredRecord['values'] {
  return Object.fromEntries(form.fields.map((field) => [field.id, (row[rowKey(field)] ?? null) as never]));
}

function refusePath(field: FieldMeta): never {
  throw refusal('invalid_request', {
    zh: `列表不能直接取关联数据的字段“${field.name}”`,
    en: `lists cannot read field "${field.name}" through a relation directly`,
  });
}
