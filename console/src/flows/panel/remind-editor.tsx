import type { FlowNode } from '@lianke/shared/flows/definition';
import { Checkbox, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';

type Remind = NonNullable<Extract<FlowNode, { type: 'message' }>['remind']>;

const usual: Remind = { everyHours: 24, times: 2, manager: true };

/** 没有完成时: how often the card comes again, and whether the manager is told at the end. */
export function RemindEditor({
  remind,
  onChange,
}: {
  remind: Remind | undefined;
  onChange: (remind: Remind | undefined, merge?: string) => void;
}) {
  const { t } = useTranslation('flows');
  return (
    <Labelled group label={t('card.remind')} hint={remind && t('card.remindHint')}>
      <Checkbox checked={remind !== undefined} onChange={(event) => onChange(event.target.checked ? usual : undefined)}>
        {t('card.remindOn')}
      </Checkbox>
      {remind && (
        <div className="panel-box" style={{ marginTop: 8 }}>
          <div className="panel-row">
            <span>{t('card.every')}</span>
            <InputNumber<number>
              aria-label={t('card.everyHours')}
              min={1}
              max={720}
              precision={0}
              style={{ width: 72 }}
              value={remind.everyHours}
              onChange={(hours) => onChange({ ...remind, everyHours: hours ?? 24 }, 'everyHours')}
            />
            <span>{t('card.hours')}</span>
            <InputNumber<number>
              aria-label={t('card.times')}
              min={1}
              max={10}
              precision={0}
              style={{ width: 64 }}
              value={remind.times}
              onChange={(times) => onChange({ ...remind, times: times ?? 1 }, 'remindTimes')}
            />
            <span>{t('card.timesUnit')}</span>
          </div>
          <Checkbox
            checked={remind.manager}
            onChange={(event) => onChange({ ...remind, manager: event.target.checked })}
          >
            {t('card.manager')}
          </Checkbox>
        </div>
      )}
    </Labelled>
  );
}
