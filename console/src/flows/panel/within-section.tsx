import type { SchedulePlan } from '@lianke/shared/flows/triggers';
import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { Clock } from './clock-input.js';

type Within = Extract<SchedulePlan, { every: 'within' }>;

/** 工作日 9–18 点每 30 分钟: how often, on which days, between which hours. */
export function WithinSection({ plan, onChange }: { plan: Within; onChange: (plan: Within, merge?: string) => void }) {
  const { t } = useTranslation('flows');
  const [unit, setUnit] = useState(plan.n % 60 === 0 ? 60 : 1);
  const put = (n: number, of: number) => onChange({ ...plan, n: Math.min(720, Math.max(1, Math.round(n)) * of) }, 'n');
  const wrong = plan.from > plan.to;
  return (
    <>
      <Labelled group label={t('start.gap')}>
        <div className="panel-row">
          <InputNumber<number>
            aria-label={t('start.gap')}
            min={1}
            max={720 / unit}
            precision={0}
            value={Math.max(1, Math.round(plan.n / unit))}
            onChange={(n) => put(n ?? 1, unit)}
          />
          <Select<number>
            aria-label={t('panel.unit')}
            style={{ width: 90 }}
            value={unit}
            onChange={(next) => {
              setUnit(next);
              put(plan.n / next, next);
            }}
            options={[
              { value: 1, label: t('start.minutes') },
              { value: 60, label: t('start.hours') },
            ]}
          />
        </div>
      </Labelled>
      <Labelled label={t('start.whichDays')}>
        <Select<'work' | 'week'>
          aria-label={t('start.whichDays')}
          style={{ width: '100%' }}
          value={plan.days === 'work' ? 'work' : 'week'}
          onChange={(kind) => onChange({ ...plan, days: kind === 'work' ? 'work' : [1, 2, 3, 4, 5] })}
          options={[
            { value: 'work', label: t('start.daysWork') },
            { value: 'week', label: t('start.daysChosen') },
          ]}
        />
      </Labelled>
      {plan.days !== 'work' && (
        <Labelled label={t('start.onDays')}>
          <Select<number[]>
            mode="multiple"
            aria-label={t('start.onDays')}
            style={{ width: '100%' }}
            value={plan.days}
            status={plan.days.length === 0 ? 'error' : ''}
            onChange={(days) => onChange({ ...plan, days: [...days].sort((a, b) => a - b) })}
            options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: t(`start.weekday${day as 1}`) }))}
          />
        </Labelled>
      )}
      <Labelled group label={t('start.hoursOf')}>
        <div className="panel-row">
          <Clock
            label={t('start.hoursOf')}
            value={plan.from}
            onChange={(from) => onChange({ ...plan, from }, 'from')}
          />
          <span>{t('start.until')}</span>
          <Clock label={t('start.until')} value={plan.to} onChange={(to) => onChange({ ...plan, to }, 'to')} />
        </div>
        {wrong && (
          <div role="alert" style={{ color: 'var(--ant-color-error)' }}>
            {t('start.hoursWrong')}
          </div>
        )}
      </Labelled>
    </>
  );
}
