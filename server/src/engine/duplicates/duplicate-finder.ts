import type { DuplicateFinding, DuplicateGroup, Twin } from '@lianke/shared/duplicates/api';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { RATE_LIMITER } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import type { StoredValues } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { ScopeBuilder } from '../records/scope-builder.js';
import { scopeSql } from '../records/sql/filter-sql.js';
import { Params } from '../records/sql/params.js';
import type { ReadScope } from '../records/sql/read-scope.js';
import { type CompiledRule, keysOf, rulesFor } from './duplicate-keys.js';
import { keyTable, maskedParts, type TwinRow, twinsSql } from './key-statements.js';

const shownTwins = 3;
const shownRecords = 20;
/** Enough for whoever types, too little for whoever walks through all numbers. */
const checks = { limit: 120, windowMs: 60_000 };

/** Tells who types that a record exists already, and lists the repeated records of a form. */
@Injectable()
export class DuplicateFinder {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly scopes: ScopeBuilder,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /**
   * Records that repeat the values under one of the form's rules. Of a record outside the asker's scope only its owner
   * is told; a rule over a field he may not see is not applied, so nothing can be inferred about it.
   */
  async check(
    ctx: TenantContext,
    formId: FormId,
    values: Readonly<Record<string, Json>>,
    self?: RecordId,
  ): Promise<DuplicateFinding[]> {
    const { rules, found, seen, ownerTold } = await this.look(ctx, formId, values, self);
    if (found.length === 0) return [];
    const org = await this.org.of(ctx);
    const present = (twin: TwinRow): Twin => ({
      id: seen.has(twin.id) ? twin.id : null,
      label: seen.get(twin.id)?.label ?? null,
      owner: ownerTold && twin.owner ? { id: twin.owner, label: org.nameOf(twin.owner) } : null,
    });
    return rules.flatMap((rule) => {
      const mine = [
        ...new Map(found.filter((twin) => twin.rule === rule.id).map((twin) => [twin.id, twin])).values(),
      ].slice(0, shownTwins);
      const fields = rule.parts.map(({ field }) => field.key);
      return mine.length > 0 ? [{ rule: rule.id, action: rule.action, fields, twins: mine.map(present) }] : [];
    });
  }

  /**
   * Of the records that repeat these values, those outside the asker's scope, with their owners, for asking the owners
   * to share them: nothing of this answer but the owners may reach the asker. None where he may not see owners, or
   * nothing of the form.
   */
  async hidden(
    ctx: TenantContext,
    formId: FormId,
    values: Readonly<Record<string, Json>>,
  ): Promise<{ id: RecordId; owner: MemberId }[]> {
    const { found, seen, ownerTold, mayView } = await this.look(ctx, formId, values);
    if (!ownerTold || !mayView) return [];
    const me = memberOf(ctx);
    const hidden = found.flatMap(({ id, owner }) =>
      owner && owner !== me && !seen.has(id) ? [{ id: id as RecordId, owner: owner as MemberId }] : [],
    );
    return [...new Map(hidden.map((item) => [item.id, item])).values()].slice(0, shownTwins);
  }

  /** The records that repeat these values, and which of them the asker may see. */
  private async look(ctx: TenantContext, formId: FormId, values: Readonly<Record<string, Json>>, self?: RecordId) {
    const { form, scope } = await this.open(ctx, formId);
    const access = scope.accessOf(form);
    if (!access.may('create') && !access.may('edit')) throw refusal('forbidden', { zh: '新增数据', en: 'add records' });
    const me = memberOf(ctx);
    const rate = me ? await this.limiter.take(`duplicates:${ctx.tenantId}:${me}`, checks) : undefined;
    if (rate && !rate.allowed)
      throw new AppError('too_many_requests', { seconds: Math.ceil(rate.retryAfterMs / 1000) });
    const stored = canonical(form, values);
    const rules = rulesFor(form, access);
    const wanted = rules.flatMap((rule) => keysOf(rule, stored).map((key) => ({ rule, key })));
    const twins = wanted.length > 0 ? twinsSql(form, wanted, shownTwins + 1, scope) : undefined;
    const rows = twins
      ? await this.database.withTenant(ctx, (tx) => tx.sql<TwinRow>(twins.text, twins.values, { last: true }))
      : [];
    const found = rows.filter((twin) => twin.id !== self);
    const ids = [...new Set(found.map((twin) => twin.id))] as RecordId[];
    const mayView = access.may('view');
    const read = mayView && ids.length > 0 ? await this.reader.getMany(ctx, formId, ids) : [];
    const seen = new Map<string, RecordView>(read.map((record) => [record.id, record]));
    const owner = form.field('owner');
    return { form, rules, found, seen, mayView, ownerTold: owner !== undefined && access.sees(owner) };
  }

  /** Groups of records the reader may see that agree under a rule, the largest first. */
  async groups(
    ctx: TenantContext,
    formId: FormId,
    { rule: ruleId, limit, cursor }: { rule: string; limit: number; cursor?: string | undefined },
  ): Promise<{ items: DuplicateGroup[]; cursor: string | null; total: number; records: number }> {
    const { form, scope } = await this.open(ctx, formId);
    const access = scope.accessOf(form);
    if (!access.may('view')) throw new AppError('not_found');
    const rule = rulesFor(form, access).find((item) => item.id === ruleId);
    if (!rule) throw new AppError('not_found');
    const from = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isSafeInteger(from) || from < 0) throw new AppError('invalid_cursor');
    const rows = await this.groupRows(ctx, form, scope, rule, limit + 1, from);
    const page = rows.slice(0, limit);
    const ids = page.flatMap((row) => row.ids) as RecordId[];
    const records = new Map(
      (ids.length > 0 ? await this.reader.getMany(ctx, formId, ids) : []).map((record) => [record.id, record]),
    );
    return {
      items: page.map((row) => ({
        count: row.n,
        records: row.ids.flatMap((id) => records.get(id) ?? []),
      })),
      cursor: rows.length > limit ? String(from + limit) : null,
      total: rows[0]?.groups ?? 0,
      records: rows[0]?.records ?? 0,
    };
  }

  private groupRows(
    ctx: TenantContext,
    form: FormMeta,
    scope: ReadScope,
    rule: CompiledRule,
    limit: number,
    offset: number,
  ): Promise<{ n: number; ids: string[]; groups: number; records: number }[]> {
    const params = new Params();
    const where = [
      `k.form_id = ${params.add(form.id, 'uuid')}`,
      `k.rule = ${params.add(rule.id, 'text')}`,
      't.deleted_at IS NULL',
    ];
    const seen = scopeSql(scope.accessOf(form).scope, form, 't', scope, params);
    if (seen) where.push(seen);
    const masked = maskedParts(form, rule, 't', scope, params);
    if (masked) where.push(`NOT ${masked}`);
    // Several phones of two records may agree: a set of records is one group.
    const text = `WITH sets AS (
       SELECT array_agg(t.id ORDER BY t.created_at, t.id) AS ids FROM ${keyTable(form)} k
       JOIN ${form.table} t ON t.id = k.record_id WHERE ${where.join(' AND ')}
       GROUP BY k.key HAVING count(*) > 1
     ), groups AS (SELECT DISTINCT ids FROM sets)
     SELECT cardinality(ids) AS n, ids[1:${shownRecords}] AS ids, count(*) OVER ()::int AS groups, sum(cardinality(ids)) OVER ()::int AS records
     FROM groups ORDER BY cardinality(ids) DESC, ids LIMIT ${limit} OFFSET ${offset}`;
    return this.database.withTenant(ctx, (tx) => tx.sql(text, params.values, { last: true }));
  }

  private async open(ctx: TenantContext, formId: FormId): Promise<{ form: FormMeta; scope: ReadScope }> {
    const form = await this.registry.form(ctx, formId);
    const scope = await this.scopes.of(ctx);
    if (scope.accessOf(form).actions.size === 0) throw new AppError('not_found');
    return { form, scope };
  }
}

/** What is typed, as it would be stored; what does not parse yet says nothing. */
function canonical(form: FormMeta, values: Readonly<Record<string, Json>>): StoredValues {
  const stored: StoredValues = {};
  for (const [ref, raw] of Object.entries(values)) {
    const field = form.field(ref);
    const parsed = field?.type.parse(raw, field.config);
    if (field && parsed?.ok && parsed.value !== null) stored[field.id] = parsed.value;
  }
  return stored;
}
