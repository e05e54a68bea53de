import type { WidgetTargetData } from '@lianke/shared/dashboards/definition';
import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';

/** 目标完成率: how far the target of a metric is, in the periods that it counts. */
export function MetricTarget({ target }: { target: WidgetTargetData | null }) {
  const { t } = useTranslation('dashboards');
  if (target === null) return <div className="metric-target muted">{t('target.none')}</div>;
  const { percent, unit, from, to } = target;
  const amount = t('target.of', { actual: shown(target.actual), amount: shown(target.amount), unit });
  return (
    <div className="metric-target" title={t('target.period', { name: target.name, from, to })}>
      <div className="metric-target-line">
        <span>{percent === null ? t('target.free') : t('target.done', { percent })}</span>
        <span className="muted tabular">{amount}</span>
      </div>
      <Progress
        size="small"
        showInfo={false}
        percent={Math.min(100, percent ?? 100)}
        {...((percent ?? 100) >= 100 ? { status: 'success' as const } : {})}
        aria-label={t('target.period', { name: target.name, from, to })}
      />
    </div>
  );
}

/** An exact decimal in groups of three. */
function shown(amount: string): string {
  return Number(amount).toLocaleString(undefined, { maximumFractionDigits: 2 });
}
