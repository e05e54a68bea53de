import type { WidgetTargetData } from '@lianke/shared/dashboards/definition';
import { groupThousands } from '@lianke/shared/fields/number/numeral';
import { View } from '@tarojs/components';
import { useFormat } from '../../../data/context.js';

/** 目标完成率: how far the target of a metric is, in the periods that it counts. */
export function MetricTarget({ target }: { target: WidgetTargetData | null }) {
  const { t } = useFormat();
  if (target === null) return <View className="muted">{t('dashboard.targetNone')}</View>;
  const { percent, unit, from, to } = target;
  return (
    <View className="widget__target">
      <View className="widget__target-line">
        <View>{percent === null ? t('dashboard.targetFree') : t('dashboard.targetDone', { percent })}</View>
        <View className="muted num">
          {t('dashboard.targetOf', {
            actual: groupThousands(target.actual),
            amount: groupThousands(target.amount),
            unit,
          })}
        </View>
      </View>
      <View className="widget__target-bar">
        <View
          className={`widget__target-done ${(percent ?? 100) >= 100 ? 'widget__target-done--all' : ''}`}
          style={{ width: `${Math.min(100, percent ?? 100)}%` }}
        />
      </View>
      <View className="muted widget__target-days">{t('dashboard.targetPeriod', { name: target.name, from, to })}</View>
    </View>
  );
}
