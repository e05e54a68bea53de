import type { WidgetTargetData } from '@lianke/shared/dashboards/definition';
import { periodAt, type TargetView } from '@lianke/shared/targets/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { MetricTargets, type MetricWidget } from '../reports/metric-targets.js';
import { lastDay } from '../reports/widget-data.js';
import { daysOf, leavesIn } from './asked-of.js';
import { drillOf, ledBy, percentOf, type Subjects, TargetFigures } from './target-figures.js';
import { type TargetRow, viewOf } from './targets.service.js';

/**
 * Metrics against a target: of the reader himself, or of the departments he leads, over the whole periods that the
 * metric's filter touches, and the running one where it names no days.
 */
@Injectable()
export class MetricFigures {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly figures: TargetFigures,
    @Inject(CLOCK) private readonly clock: Clock,
    metrics: MetricTargets,
  ) {
    metrics.register((ctx, widget, form) => this.of(ctx, widget, form));
  }

  private async of(ctx: TenantContext, widget: MetricWidget, shown: FormMeta): Promise<WidgetTargetData | null> {
    const me = memberOf(ctx);
    if (me === null || !widget.target) return null;
    const { id, whose } = widget.target;
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<TargetRow>('SELECT id, form_id, definition FROM lianke.target WHERE id = $1', [id]),
    );
    const target = row && viewOf(row);
    const form = target && (await this.registry.all(ctx)).get(target.formId);
    if (!target || !form) return null;
    const org = await this.org.of(ctx);
    const asked = subjectsOf(org, me, whose).filter((subject) =>
      leavesIn(widget.filter, shown, whose === 'me' ? 'owner' : 'department', [subject], me),
    );
    const { from, last } = this.periodsOf(ctx, widget, shown, target);
    const set = await this.amounts(ctx, id, asked, from, last);
    const ids = topmost(org, [...set.keys()], whose);
    if (ids.length === 0) return null;
    const subjects: Subjects = { kind: whose === 'me' ? 'member' : 'department', ids };
    const to = lastDay(last, target.period);
    const drill = drillOf(target, subjects, from, to, org);
    const actual = await this.figures.actual(ctx, target, form, drill);
    if (actual === null) return null;
    const amount = ids.reduce((sum, subject) => sum + Number(set.get(subject) ?? 0), 0);
    return {
      name: target.name,
      unit: target.unit,
      amount: String(amount),
      actual,
      percent: percentOf(actual, amount),
      from,
      to,
    };
  }

  /** First days of the first and the last period that count. */
  private periodsOf(ctx: TenantContext, widget: MetricWidget, shown: FormMeta, target: TargetView) {
    const now = this.clock.now();
    const first = target.formId === shown.id ? target.dateField : '';
    const today = dateIn(ctx.timeZone, now);
    const days = daysOf(widget.filter, shown, first, ctx.timeZone, now) ?? { from: today, to: today };
    return { from: periodAt(target.period, days.from), last: periodAt(target.period, days.to) };
  }

  /** What each subject is to reach from the first period to the last; who is to reach nothing is not in it. */
  private async amounts(
    ctx: TenantContext,
    id: string,
    subjects: readonly string[],
    from: string,
    last: string,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ subject_id: string; amount: string }>(
        `SELECT subject_id, sum(amount)::text AS amount FROM lianke.target_value
         WHERE target_id = $1 AND subject_id = ANY($2::uuid[]) AND period BETWEEN $3::date AND $4::date GROUP BY subject_id`,
        [id, subjects, from, last],
      ),
    );
    return new Map(rows.map((row) => [row.subject_id, row.amount]));
  }
}

function subjectsOf(org: Org, me: NonNullable<ReturnType<typeof memberOf>>, whose: 'me' | 'departments'): string[] {
  return whose === 'me' ? [me] : ledBy(org, me);
}

/** Departments that none of the others holds: their records are among the other's. */
function topmost(org: Org, ids: readonly string[], whose: 'me' | 'departments'): string[] {
  if (whose === 'me') return [...ids];
  return ids.filter(
    (id) => !ids.some((other) => other !== id && (org.descendants(other as never) as string[]).includes(id)),
  );
}
