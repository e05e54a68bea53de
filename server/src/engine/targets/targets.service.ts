import type { TargetId } from '@lianke/shared/ids';
import {
  periodsOf,
  type TargetBody,
  type TargetTable,
  type TargetValuesBody,
  type TargetView,
  targetBody,
} from '@lianke/shared/targets/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';

export interface TargetRow {
  id: TargetId;
  form_id: TargetBody['formId'];
  definition: unknown;
}

/** Targets as they are stored, for whoever may design the app that their form belongs to. */
@Injectable()
export class TargetsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
  ) {}

  /** Those the caller may set. */
  async list(ctx: TenantContext): Promise<TargetView[]> {
    const [{ designs }, forms] = await Promise.all([this.access.designer(ctx), this.registry.all(ctx)]);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<TargetRow>('SELECT id, form_id, definition FROM lianke.target ORDER BY id'),
    );
    return rows
      .filter((row) => {
        const form = forms.get(row.form_id);
        return form && designs(form.appId);
      })
      .map(viewOf);
  }

  async create(ctx: TenantContext, body: TargetBody): Promise<TargetView> {
    await this.check(ctx, body);
    const id = uuid7() as TargetId;
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('INSERT INTO lianke.target (tenant_id, id, form_id, definition) VALUES ($1, $2, $3, $4)', [
        ctx.tenantId,
        id,
        body.formId,
        JSON.stringify(body),
      ]);
      await this.audit(tx, ctx, body.name, { after: body });
    });
    return { id, ...body };
  }

  async update(ctx: TenantContext, id: TargetId, body: TargetBody): Promise<TargetView> {
    const before = await this.mine(ctx, id);
    await this.check(ctx, body);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('UPDATE lianke.target SET form_id = $2, definition = $3 WHERE id = $1', [
        id,
        body.formId,
        JSON.stringify(body),
      ]);
      // What was to be reached in other periods means nothing in these.
      if (before.period !== body.period) await tx.run('DELETE FROM lianke.target_value WHERE target_id = $1', [id]);
      await this.audit(tx, ctx, body.name, { before, after: body });
    });
    return { id, ...body };
  }

  async remove(ctx: TenantContext, id: TargetId): Promise<void> {
    const before = await this.mine(ctx, id);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('DELETE FROM lianke.target_value WHERE target_id = $1', [id]);
      await tx.run('DELETE FROM lianke.target WHERE id = $1', [id]);
      await writeAudit(tx, ctx, { action: 'target.delete', object: null, detail: { name: before.name } });
    });
  }

  async values(ctx: TenantContext, id: TargetId, year: number): Promise<TargetTable> {
    const target = await this.mine(ctx, id);
    const periods = periodsOf(target.period, year);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ subject_kind: 'member' | 'department'; subject_id: string; period: string; amount: string }>(
        `SELECT subject_kind, subject_id, to_char(period, 'YYYY-MM-DD') AS period, amount::text AS amount
         FROM lianke.target_value WHERE target_id = $1 AND period = ANY($2::date[]) ORDER BY subject_id`,
        [id, periods],
      ),
    );
    const items = new Map<string, TargetTable['items'][number]>();
    for (const row of rows) {
      const item = items.get(row.subject_id) ?? { kind: row.subject_kind, id: row.subject_id, amounts: {} };
      item.amounts[row.period] = row.amount;
      items.set(row.subject_id, item);
    }
    return { year, periods, items: [...items.values()] };
  }

  async saveValues(ctx: TenantContext, id: TargetId, { rows }: TargetValuesBody): Promise<void> {
    const target = await this.mine(ctx, id);
    const org = await this.org.of(ctx);
    const cells = rows.flatMap(({ kind, id: subject, amounts }) => {
      const known: ReadonlyMap<string, unknown> = kind === 'member' ? org.members : org.departments;
      if (!known.has(subject))
        throw refusal('invalid_request', {
          zh: '选中的成员或部门不存在',
          en: 'a chosen member or department does not exist',
        });
      return Object.entries(amounts).map(([period, amount]) => {
        if (!periodsOf(target.period, Number(period.slice(0, 4))).includes(period))
          throw refusal('invalid_request', {
            zh: `${period} 不是一个周期的第一天`,
            en: `${period} is not the first day of a period`,
          });
        return { kind, subject, period, amount };
      });
    });
    const columns = (list: typeof cells) => [
      list.map((cell) => cell.kind),
      list.map((cell) => cell.subject),
      list.map((cell) => cell.period),
    ];
    const kept = cells.filter((cell) => cell.amount !== null);
    const gone = cells.filter((cell) => cell.amount === null);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run(
        `DELETE FROM lianke.target_value v USING unnest($2::text[], $3::uuid[], $4::date[]) AS g(kind, subject, period)
         WHERE v.target_id = $1 AND v.subject_id = g.subject AND v.period = g.period`,
        [id, ...columns(gone)],
      );
      await tx.run(
        `INSERT INTO lianke.target_value (tenant_id, target_id, subject_kind, subject_id, period, amount)
         SELECT $1, $2, g.kind, g.subject, g.period, g.amount
         FROM unnest($3::text[], $4::uuid[], $5::date[], $6::numeric[]) AS g(kind, subject, period, amount)
         ON CONFLICT (tenant_id, target_id, subject_id, period) DO UPDATE SET amount = excluded.amount`,
        [ctx.tenantId, id, ...columns(kept), kept.map((cell) => cell.amount)],
      );
      await this.audit(tx, ctx, target.name, { count: cells.length });
    });
  }

  /** A target the caller may set; others answer like unknown ones. */
  private async mine(ctx: TenantContext, id: TargetId): Promise<TargetView> {
    const found = (await this.list(ctx)).find((target) => target.id === id);
    if (!found) throw new AppError('not_found');
    return found;
  }

  private async check(ctx: TenantContext, body: TargetBody): Promise<void> {
    const form = (await this.registry.all(ctx)).get(body.formId);
    if (!form || !(await this.access.can(ctx, form.id, 'view'))) throw new AppError('not_found');
    await this.access.requireDesign(ctx, form.appId);
    const date = form.field(body.dateField);
    if (!date || (date.storage !== 'date' && date.storage !== 'timestamptz'))
      throw refusal('invalid_definition', {
        zh: '请选择按哪个日期字段归入周期',
        en: 'choose the date field that says which period a record belongs to',
      });
    if (body.fn === 'sum' && (body.field === null || !form.field(body.field)?.type.aggregates.includes('sum')))
      throw refusal('invalid_definition', { zh: '请选择要求和的数字字段', en: 'choose the number field to add up' });
    // A filter that cannot be asked would leave everybody without his figure.
    await this.reader.aggregate(ctx, form.id, {
      ...(body.filter ? { filter: body.filter } : {}),
      groupBy: [],
      metrics: [measureOf(body)],
      sort: [],
      limit: 1,
    });
  }

  private audit(tx: Tx, ctx: TenantContext, name: string, detail: Record<string, unknown>): Promise<void> {
    return writeAudit(tx, ctx, { action: 'target.save', object: null, detail: { name, ...detail } });
  }
}

export function viewOf(row: TargetRow): TargetView {
  return { id: row.id, ...targetBody.parse(row.definition) };
}

export function measureOf({ fn, field }: Pick<TargetBody, 'fn' | 'field'>) {
  return { fn, as: 'value', ...(fn === 'sum' && field !== null ? { field } : {}) };
}
