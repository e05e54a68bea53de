import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { type ApprovalTimer, type TimerUnit, type TimeSpan, timerUnits } from '@lianke/shared/flows/nodes/approval';
import { Button, InputNumber, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { RefSelect } from '../panel/ref-select.js';
import type { StepProps } from '../panel/step-parts.js';

const actions = ['remind', 'escalate', 'approve', 'reject'] as const;

/** 超时: after how long what happens, up to five. */
export function TimerEditor({ node, onChange, speaker, sources }: StepProps<'approval'>) {
  const { t } = useTranslation('approvals');
  const timers = node.timers ?? [];
  const set = (index: number, timer: ApprovalTimer) =>
    onChange({ ...node, timers: timers.map((item, at) => (at === index ? timer : item)) });
  const add = (): ApprovalTimer => ({
    at: { kind: 'after', amount: 24, unit: 'workHour' },
    action: 'remind',
    times: 1,
  });
  return (
    <>
      <p className="muted">{t('workHint')}</p>
      {timers.map((timer, index) => (
        // Timers have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div className="panel-box" key={index}>
          <div className="panel-row">
            <Select<'after' | 'field'>
              className="grow"
              aria-label={t('timerKind')}
              value={timer.at.kind}
              onChange={(kind) =>
                set(index, {
                  ...timer,
                  at:
                    kind === 'after'
                      ? { kind, amount: 24, unit: 'workHour' }
                      : { kind, ref: { source: 'trigger', path: 'createdAt' }, days: 0 },
                })
              }
              options={[
                { value: 'after', label: t('after') },
                { value: 'field', label: t('byField') },
              ]}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('removeTimer')}
              onClick={() => onChange({ ...node, timers: timers.filter((_, at) => at !== index) })}
            />
          </div>
          {timer.at.kind === 'after' ? (
            <SpanInput value={timer.at} onChange={(span) => set(index, { ...timer, at: { kind: 'after', ...span } })} />
          ) : (
            <DateInput timer={timer} onChange={(next) => set(index, next)} speaker={speaker} sources={sources} />
          )}
          <div className="panel-row">
            <span className="muted">{t('timerAction')}</span>
            <Select<ApprovalTimer['action']>
              className="grow"
              aria-label={t('timerAction')}
              value={timer.action}
              onChange={(action) => set(index, { ...timer, action })}
              options={actions.map((value) => ({ value, label: t(`action.${value}`) }))}
            />
          </div>
          {(timer.action === 'remind' || timer.action === 'escalate') && (
            <div className="panel-row">
              <span className="muted">{t('times')}</span>
              <InputNumber<number>
                aria-label={t('times')}
                min={1}
                max={10}
                precision={0}
                value={timer.times}
                onChange={(times) =>
                  set(index, {
                    ...timer,
                    times: times ?? 1,
                    ...((times ?? 1) > 1 ? { every: timer.every ?? { amount: 4, unit: 'workHour' } } : {}),
                  })
                }
              />
            </div>
          )}
          {timer.times > 1 && timer.every && (
            <>
              <span className="muted">{t('every')}</span>
              <SpanInput value={timer.every} onChange={(every) => set(index, { ...timer, every })} />
            </>
          )}
        </div>
      ))}
      {timers.length < 5 && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => onChange({ ...node, timers: [...timers, add()] })}
        >
          {t('addTimer')}
        </Button>
      )}
    </>
  );
}

function SpanInput({ value, onChange }: { value: TimeSpan; onChange: (span: TimeSpan) => void }) {
  const { t } = useTranslation('approvals');
  return (
    <Space.Compact block>
      <InputNumber<number>
        aria-label={t('amount')}
        style={{ width: '100%' }}
        min={1}
        max={10_000}
        precision={0}
        value={value.amount}
        onChange={(amount) => onChange({ amount: amount ?? 1, unit: value.unit })}
      />
      <Select<TimerUnit>
        aria-label={t('unitLabel')}
        style={{ width: 130 }}
        value={value.unit}
        onChange={(unit) => onChange({ amount: value.amount, unit })}
        options={timerUnits.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
      />
    </Space.Compact>
  );
}

function DateInput({
  timer,
  onChange,
  speaker,
  sources,
}: {
  timer: ApprovalTimer;
  onChange: (timer: ApprovalTimer) => void;
} & Pick<StepProps<'approval'>, 'speaker' | 'sources'>) {
  const { t } = useTranslation('approvals');
  if (timer.at.kind !== 'field') return null;
  const { at } = timer;
  return (
    <>
      <RefSelect
        sources={sources}
        forms={speaker.forms}
        value={at.ref}
        accepts={(field) => field?.type === 'date' || field?.type === 'datetime'}
        label={t('byField')}
        onChange={(ref) => onChange({ ...timer, at: { ...at, ref } })}
      />
      <div className="panel-row">
        <span className="muted grow">{t('days')}</span>
        <InputNumber<number>
          aria-label={t('days')}
          min={-366}
          max={366}
          precision={0}
          value={at.days}
          onChange={(days) => onChange({ ...timer, at: { ...at, days: days ?? 0 } })}
        />
      </div>
    </>
  );
}
