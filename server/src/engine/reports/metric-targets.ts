import type { Widget, WidgetTargetData } from '@lianke/shared/dashboards/definition';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';

export type MetricWidget = Extract<Widget, { type: 'metric' }>;

/** Answers how far the reader is with a metric's target; null where he has none in its period, or may not see it. */
export type TargetSource = (
  ctx: TenantContext,
  widget: MetricWidget,
  form: FormMeta,
) => Promise<WidgetTargetData | null>;

/** What metrics are compared with. Targets are set elsewhere: whoever keeps them registers. */
@Injectable()
export class MetricTargets {
  private source: TargetSource = () => Promise.resolve(null);

  register(source: TargetSource): void {
    this.source = source;
  }

  of(ctx: TenantContext, widget: MetricWidget, form: FormMeta): Promise<WidgetTargetData | null> {
    return this.source(ctx, widget, form);
  }
}
