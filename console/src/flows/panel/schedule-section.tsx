import { nextDue } from '@lianke/shared/flows/schedule-times';
import { missedPolicies, type SchedulePlan, type Trigger } from '@lianke/shared/flows/triggers';
import { Checkbox, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { timeZone } from '../../shared/format.js';
import { sayDay } from '../model/plan-words.js';
import { Clock } from './clock-input.js';
import { WithinSection } from './within-section.js';

type Schedule = Extract<Trigger, { type: 'schedule' }>;
type DateTrigger = Extract<Trigger, { type: 'dateArrives' }>;

interface Props<T> {
  trigger: T;
  onChange: (trigger: T, merge?: string) => void;
}

const kinds = ['minutes', 'within', 'workday', 'day', 'week', 'month', 'year'] as const;
const kindWords = {
  minutes: 'start.everyMinute',
  within: 'start.everyWithin',
  workday: 'start.everyWorkday',
  day: 'start.everyDay',
  week: 'start.everyWeek',
  month: 'start.everyMonth',
  year: 'start.everyYear',
} as const;

function planOf(every: SchedulePlan['every'], before: SchedulePlan): SchedulePlan {
  const at = 'at' in before ? before.at : '09:00';
  switch (every) {
    case 'minutes':
      return { every, n: 30 };
    case 'within':
      return { every, n: 30, days: 'work', from: '09:00', to: '18:00' };
    case 'workday':
      return { every, at };
    case 'day':
      return { every, n: 1, at };
    case 'week':
      return { every, days: [1], at };
    case 'month':
      return { every, days: [1], at };
    case 'year':
      return { every, month: 1, day: 1, at };
  }
}

/** 定时: how often, on which days, at what time, and what becomes of missed times. */
export function PlanSection({ trigger, onChange }: Props<Schedule>) {
  const { t } = useTranslation('flows');
  const { plan } = trigger;
  const set = (next: SchedulePlan, merge?: string) => onChange({ ...trigger, plan: next }, merge);
  return (
    <>
      <Labelled label={t('start.every')}>
        <Select<SchedulePlan['every']>
          aria-label={t('start.every')}
          style={{ width: '100%' }}
          value={plan.every}
          onChange={(every) => set(planOf(every, plan))}
          options={kinds.map((kind) => ({ value: kind, label: t(kindWords[kind]) }))}
        />
      </Labelled>
      {(plan.every === 'minutes' || plan.every === 'day') && (
        <Labelled group label={t('start.gap')}>
          <div className="panel-row">
            <InputNumber<number>
              aria-label={t('start.gap')}
              min={1}
              max={plan.every === 'day' ? 365 : 720}
              precision={0}
              value={plan.n}
              onChange={(n) => set({ ...plan, n: n ?? 1 }, 'n')}
            />
            <span>{t(plan.every === 'day' ? 'start.days' : 'start.minutes')}</span>
          </div>
        </Labelled>
      )}
      {plan.every === 'within' && <WithinSection plan={plan} onChange={set} />}
      {plan.every === 'week' && (
        <Labelled label={t('start.onDays')}>
          <Select<number[]>
            mode="multiple"
            aria-label={t('start.onDays')}
            style={{ width: '100%' }}
            value={plan.days}
            status={plan.days.length === 0 ? 'error' : ''}
            onChange={(days) => set({ ...plan, days: [...days].sort((a, b) => a - b) })}
            options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: t(`start.weekday${day as 1}`) }))}
          />
        </Labelled>
      )}
      {plan.every === 'month' && (
        <Labelled label={t('start.onDays')}>
          <Select<number[]>
            mode="multiple"
            aria-label={t('start.onDays')}
            style={{ width: '100%' }}
            value={plan.days}
            status={plan.days.length === 0 ? 'error' : ''}
            onChange={(days) =>
              set({ ...plan, days: [...days].sort((a, b) => (a === -1 ? 1 : b === -1 ? -1 : a - b)) })
            }
            options={monthDays.map((day) => ({ value: day, label: sayDay(t, day) }))}
          />
        </Labelled>
      )}
      {plan.every === 'year' && (
        <Labelled group label={t('start.onDays')}>
          <div className="panel-row">
            <Select<number>
              aria-label={t('start.month')}
              style={{ width: 110 }}
              value={plan.month}
              onChange={(month) => set({ ...plan, month })}
              options={Array.from({ length: 12 }, (_, at) => ({
                value: at + 1,
                label: t('start.monthOf', { n: at + 1 }),
              }))}
            />
            <Select<number>
              aria-label={t('start.day')}
              style={{ width: 120 }}
              value={plan.day}
              onChange={(day) => set({ ...plan, day })}
              options={monthDays.map((day) => ({ value: day, label: sayDay(t, day) }))}
            />
          </div>
        </Labelled>
      )}
      {plan.every !== 'minutes' && plan.every !== 'within' && (
        <Labelled label={t('start.at')}>
          <Clock label={t('start.at')} value={plan.at} onChange={(at) => set({ ...plan, at }, 'at')} />
        </Labelled>
      )}
      <div className="designer-hint">{t('start.upcoming', { times: upcoming(plan).join(t('say.and')) || '—' })}</div>
      <Labelled label={t('start.missed')}>
        <Select
          aria-label={t('start.missed')}
          style={{ width: '100%' }}
          value={trigger.missed}
          onChange={(missed) => onChange({ ...trigger, missed })}
          options={missedPolicies.map((policy) => ({ value: policy, label: t(`start.${policy}`) }))}
        />
      </Labelled>
    </>
  );
}

const monthDays = [...Array.from({ length: 31 }, (_, at) => at + 1), -1];

/** The next five times, as people write them. */
function upcoming(plan: SchedulePlan): string[] {
  if ('days' in plan && plan.days.length === 0) return [];
  const times: string[] = [];
  const text = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: timeZone(), month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  for (let due = nextDue(plan, new Date(), timeZone()); due && times.length < 5; due = nextDue(plan, due, timeZone()))
    times.push(text.format(due));
  return times;
}

const dateTypes = ['date', 'datetime', 'lastContact', 'createdAt', 'updatedAt'];
const sides = ['before', 'on', 'after'] as const;
const sideWords = { before: 'start.beforeIt', on: 'start.onIt', after: 'start.afterIt' } as const;

/** 到了数据里的日期: which date, how long before or after, at what time. */
export function DateSection({ trigger, onChange, form }: Props<DateTrigger> & { form: FormView }) {
  const { t } = useTranslation('flows');
  const fields = form.fields.filter((field) => dateTypes.includes(field.type));
  const chosen = form.fields.find((field) => field.id === trigger.field || field.key === trigger.field);
  const dateOnly = chosen?.type === 'date';
  const side = trigger.amount === 0 ? 'on' : trigger.amount < 0 ? 'before' : 'after';
  const daily = trigger.unit === 'day' || trigger.unit === 'month';
  const withAt = (next: DateTrigger): DateTrigger => {
    const whole = next.unit === 'day' || next.unit === 'month';
    const { at, ...rest } = next;
    if (!whole) return rest;
    return { ...rest, ...(at ? { at } : dateOnly ? { at: '09:00' } : {}) };
  };
  return (
    <>
      <Labelled label={t('start.dateField')}>
        <Select<string>
          aria-label={t('start.dateField')}
          style={{ width: '100%' }}
          placeholder={t('start.dateFieldPlaceholder')}
          value={chosen?.id ?? null}
          status={chosen ? '' : 'error'}
          onChange={(field) => {
            const date = form.fields.find((item) => item.id === field)?.type === 'date';
            onChange({ ...trigger, field, ...(date && daily && !trigger.at ? { at: '09:00' } : {}) });
          }}
          options={fields.map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
        />
      </Labelled>
      <Labelled group label={t('start.when')}>
        <div className="panel-row">
          <Select<(typeof sides)[number]>
            aria-label={t('start.when')}
            style={{ width: 100 }}
            value={side}
            onChange={(next) => {
              const n = Math.abs(trigger.amount) || 7;
              onChange({ ...trigger, amount: next === 'on' ? 0 : next === 'before' ? -n : n });
            }}
            options={sides.map((item) => ({ value: item, label: t(sideWords[item]) }))}
          />
          {side !== 'on' && (
            <>
              <InputNumber<number>
                aria-label={t('panel.amount')}
                style={{ width: 76 }}
                min={1}
                max={3660}
                precision={0}
                value={Math.abs(trigger.amount)}
                onChange={(n) => onChange({ ...trigger, amount: (n ?? 1) * (side === 'before' ? -1 : 1) }, 'amount')}
              />
              <Select<DateTrigger['unit']>
                aria-label={t('panel.unit')}
                style={{ width: 90 }}
                value={trigger.unit}
                onChange={(unit) => onChange(withAt({ ...trigger, unit }))}
                options={(dateOnly ? (['day', 'month'] as const) : (['minute', 'hour', 'day', 'month'] as const)).map(
                  (unit) => ({ value: unit, label: t(`unit.${unit}`) }),
                )}
              />
            </>
          )}
        </div>
      </Labelled>
      {daily && (
        <Labelled group label={t('start.at')}>
          {!dateOnly && (
            <Checkbox
              checked={trigger.at === undefined}
              onChange={(event) => {
                const { at: _, ...rest } = trigger;
                onChange(event.target.checked ? rest : { ...rest, at: '09:00' });
              }}
            >
              {t('start.atOwnTime')}
            </Checkbox>
          )}
          {trigger.at !== undefined && (
            <Clock label={t('start.at')} value={trigger.at} onChange={(at) => onChange({ ...trigger, at }, 'at')} />
          )}
        </Labelled>
      )}
      <Labelled label={t('start.missed')}>
        <Select
          aria-label={t('start.missed')}
          style={{ width: '100%' }}
          value={trigger.missed}
          onChange={(missed) => onChange({ ...trigger, missed })}
          options={(['all', 'skip'] as const).map((policy) => ({ value: policy, label: t(`start.${policy}`) }))}
        />
      </Labelled>
    </>
  );
}
