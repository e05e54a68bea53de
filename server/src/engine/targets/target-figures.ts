import type { Filter } from '@lianke/shared/filter/ast';
import type { DepartmentId } from '@lianke/shared/ids';
import { periodAt, type TargetFigure, type TargetView, targetPeriods } from '@lianke/shared/targets/api';
import { addDays, dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { lastDay, widgetData } from '../reports/widget-data.js';
import { type TargetRow, viewOf } from './targets.service.js';

type ValueRow = TargetRow & {
  subject_kind: 'member' | 'department';
  subject_id: string;
  period: string;
  amount: string;
};

/** Figures against targets: reckoned by the reports engine as a metric, under the reader's own rights. */
@Injectable()
export class TargetFigures {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The reader's own and those of departments that he leads, in the periods that run; what he may not see is left out. */
  async mine(ctx: TenantContext): Promise<TargetFigure[]> {
    const me = memberOf(ctx);
    if (me === null) return [];
    const org = await this.org.of(ctx);
    const today = dateIn(ctx.timeZone, this.clock.now());
    const led = (org.members.get(me)?.departments ?? []).filter((place) => place.leader).map((place) => place.id);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ValueRow>(
        `SELECT t.id, t.form_id, t.definition, v.subject_kind, v.subject_id, to_char(v.period, 'YYYY-MM-DD') AS period, v.amount::text AS amount
         FROM lianke.target_value v JOIN lianke.target t ON t.id = v.target_id AND t.tenant_id = v.tenant_id
         WHERE v.subject_id = ANY($1::uuid[]) AND v.period = ANY($2::date[]) ORDER BY v.subject_kind DESC, t.id, v.subject_id`,
        [[me, ...led], targetPeriods.map((period) => periodAt(period, today))],
      ),
    );
    const current = rows.filter((row) => periodAt(viewOf(row).period, today) === row.period);
    const figures = await Promise.all(current.map((row) => this.figure(ctx, org, row, today)));
    return figures.filter((figure) => figure !== null);
  }

  private async figure(ctx: TenantContext, org: Org, row: ValueRow, today: string): Promise<TargetFigure | null> {
    const target = viewOf(row);
    const form = (await this.registry.all(ctx)).get(target.formId);
    if (!form) return null;
    const to = lastDay(row.period, target.period);
    const drill = drillOf(target, row, to, org);
    const place = { x: 0, y: 0, w: 4, h: 4 };
    const measure = { fn: target.fn, ...(target.fn === 'sum' && target.field !== null ? { field: target.field } : {}) };
    const widget = { id: 'target', title: target.name, type: 'metric', formId: form.id, filter: drill, measure, place };
    try {
      const data = await widgetData(widget as Parameters<typeof widgetData>[0], form, {
        aggregate: (formId, query) => this.reader.aggregate(ctx, formId, query),
        query: (formId, query) => this.reader.query(ctx, formId, query),
      });
      const actual = String((data.kind === 'value' ? data.value : null) ?? 0);
      const amount = Number(row.amount);
      const label =
        row.subject_kind === 'member'
          ? org.nameOf(row.subject_id)
          : (org.departments.get(row.subject_id as DepartmentId)?.name ?? '');
      return {
        id: target.id,
        name: target.name,
        unit: target.unit,
        formId: form.id,
        subject: { kind: row.subject_kind, id: row.subject_id, label },
        period: target.period,
        from: row.period,
        to,
        daysLeft: daysBetween(today, to),
        target: row.amount,
        actual,
        percent: amount === 0 ? null : Math.floor((Number(actual) * 100) / amount),
        drill,
      };
    } catch (error) {
      // Not his to see, or what it is reckoned from is gone.
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

function drillOf(target: TargetView, row: ValueRow, to: string, org: Org): Filter {
  const whose: Filter =
    row.subject_kind === 'member'
      ? { field: 'owner', op: 'eq', value: row.subject_id }
      : { field: 'department', op: 'in', value: org.descendants(row.subject_id as DepartmentId) };
  const when: Filter = { field: target.dateField, op: 'between', value: [row.period, to] };
  return { and: [whose, when, ...(target.filter ? [target.filter] : [])] };
}

/** Days from one date to another, both among them. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(addDays(to, 1)) - Date.parse(from)) / 86_400_000);
}
