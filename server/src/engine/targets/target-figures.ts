import type { Filter } from '@lianke/shared/filter/ast';
import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import { periodAt, type TargetFigure, type TargetView, targetPeriods } from '@lianke/shared/targets/api';
import { addDays, dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
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
    const led = ledBy(org, me);
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
    const drill = drillOf(target, { kind: row.subject_kind, ids: [row.subject_id] }, row.period, to, org);
    const actual = await this.actual(ctx, target, form, drill);
    if (actual === null) return null;
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
      percent: percentOf(actual, Number(row.amount)),
      drill,
    };
  }

  /** What a target counts or sums of the records behind a filter; null where the reader may not see it. */
  async actual(ctx: TenantContext, target: TargetView, form: FormMeta, drill: Filter): Promise<string | null> {
    const place = { x: 0, y: 0, w: 4, h: 4 };
    const measure = { fn: target.fn, ...(target.fn === 'sum' && target.field !== null ? { field: target.field } : {}) };
    const widget = { id: 'target', title: target.name, type: 'metric', formId: form.id, filter: drill, measure, place };
    try {
      const data = await widgetData(widget as Parameters<typeof widgetData>[0], form, {
        aggregate: (formId, query) => this.reader.aggregate(ctx, formId, query),
        query: (formId, query) => this.reader.query(ctx, formId, query),
      });
      return String((data.kind === 'value' ? data.value : null) ?? 0);
    } catch (error) {
      // Not his to see, or what it is reckoned from is gone.
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

/** Whose records count together. */
export interface Subjects {
  kind: 'member' | 'department';
  ids: readonly string[];
}

/** Departments that a member leads. */
export function ledBy(org: Org, member: MemberId): DepartmentId[] {
  return (org.members.get(member)?.departments ?? []).filter((place) => place.leader).map((place) => place.id);
}

/** Rounded down; null where nothing is to be reached. */
export function percentOf(actual: string, amount: number): number | null {
  return amount === 0 ? null : Math.floor((Number(actual) * 100) / amount);
}

/** Finds the records that count: a member's are those he owns, a department's those of it and all below. */
export function drillOf(target: TargetView, { kind, ids }: Subjects, from: string, to: string, org: Org): Filter {
  const [only] = ids;
  const whose: Filter =
    kind === 'department'
      ? { field: 'department', op: 'in', value: ids.flatMap((id) => org.descendants(id as DepartmentId)) }
      : ids.length === 1 && only !== undefined
        ? { field: 'owner', op: 'eq', value: only }
        : { field: 'owner', op: 'in', value: [...ids] };
  const when: Filter = { field: target.dateField, op: 'between', value: [from, to] };
  return { and: [whose, when, ...(target.filter ? [target.filter] : [])] };
}

/** Days from one date to another, both among them. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(addDays(to, 1)) - Date.parse(from)) / 86_400_000);
}
