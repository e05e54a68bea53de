import type { FlowNode } from '@lianke/shared/flows/definition';
import type { RetryPolicy } from '@lianke/shared/flows/nodes/base';
import { Checkbox, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';

const units = { second: 1, minute: 60, hour: 3600 } as const;
type Unit = keyof typeof units;

const unitOf = (seconds: number): Unit =>
  seconds % units.hour === 0 ? 'hour' : seconds % units.minute === 0 ? 'minute' : 'second';

const usual: RetryPolicy = { times: 3, seconds: 60, growth: 'double', on: 'passing' };

/** 失败时再试: how often, after how long, and after which failures. */
export function RetryEditor({
  node,
  onChange,
}: {
  node: FlowNode;
  onChange: (node: FlowNode, merge?: string) => void;
}) {
  const { t } = useTranslation('flows');
  const { retry } = node;
  const set = (next: RetryPolicy | undefined, merge?: string) => {
    const { retry: _, ...rest } = node;
    onChange((next ? { ...rest, retry: next } : rest) as FlowNode, merge);
  };
  const unit = retry && unitOf(retry.seconds);
  return (
    <Labelled
      group
      label={t('runs.retryTitle')}
      hint={retry ? t('runs.retryHint') : node.type === 'http' ? t('runs.retryQuick') : undefined}
    >
      <Checkbox checked={retry !== undefined} onChange={(event) => set(event.target.checked ? usual : undefined)}>
        {t('runs.retryOn')}
      </Checkbox>
      {retry && unit && (
        <div className="panel-box" style={{ marginTop: 8 }}>
          <div className="panel-row">
            <InputNumber<number>
              aria-label={t('runs.retryTimes')}
              min={1}
              max={10}
              precision={0}
              value={retry.times}
              style={{ width: 64 }}
              onChange={(times) => set({ ...retry, times: times ?? 1 }, 'retryTimes')}
            />
            <span>{t('runs.times')}</span>
            <span className="muted">{t('runs.retryFirst')}</span>
            <InputNumber<number>
              aria-label={t('runs.retryFirst')}
              min={1}
              max={86_400 / units[unit]}
              precision={0}
              value={retry.seconds / units[unit]}
              style={{ width: 64 }}
              onChange={(n) => set({ ...retry, seconds: (n ?? 1) * units[unit] }, 'retrySeconds')}
            />
            <Select<Unit>
              aria-label={t('runs.retryUnit')}
              value={unit}
              onChange={(next) =>
                set({ ...retry, seconds: Math.min(86_400, (retry.seconds / units[unit]) * units[next]) })
              }
              options={(['second', 'minute', 'hour'] as const).map((key) => ({ value: key, label: t(`runs.${key}`) }))}
            />
          </div>
          <Select<RetryPolicy['growth']>
            aria-label={t('runs.retryGrowth')}
            value={retry.growth}
            onChange={(growth) => set({ ...retry, growth })}
            options={(['same', 'double'] as const).map((key) => ({ value: key, label: t(`runs.growthOf.${key}`) }))}
          />
          <Select<RetryPolicy['on']>
            aria-label={t('runs.retryWhich')}
            value={retry.on}
            onChange={(on) => set({ ...retry, on })}
            options={(['passing', 'any'] as const).map((key) => ({ value: key, label: t(`runs.onOf.${key}`) }))}
          />
        </div>
      )}
    </Labelled>
  );
}
