import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { type ApprovalSettings, defaultApprovalSettings } from '@lianke/shared/flows/nodes/approval';
import { InputNumber, Select, Space, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import './words.js';

interface Props {
  def: FlowDefinition;
  form: FormView | undefined;
  onChange: (settings: ApprovalSettings) => void;
}

/** Rules of all approvals of a flow: taking back, urging, the same person twice, the lock, hours of work. */
export function ApprovalRules({ def, form, onChange }: Props) {
  const { t } = useTranslation('approvals');
  const settings = def.approval ?? defaultApprovalSettings;
  const set = (part: Partial<ApprovalSettings>) => onChange({ ...settings, ...part });
  const lockKind = Array.isArray(settings.lock) ? 'fields' : settings.lock;
  return (
    <>
      <Labelled label={t('withdraw')}>
        <Select<ApprovalSettings['withdraw']>
          aria-label={t('withdraw')}
          style={{ width: '100%' }}
          value={settings.withdraw}
          onChange={(withdraw) => set({ withdraw })}
          options={(['beforeFirst', 'beforeEnd', 'never'] as const).map((value) => ({
            value,
            label: t(`withdrawRule.${value}`),
          }))}
        />
      </Labelled>
      <Labelled label={t('samePerson')}>
        <Select<ApprovalSettings['samePerson']>
          aria-label={t('samePerson')}
          style={{ width: '100%' }}
          value={settings.samePerson}
          onChange={(samePerson) => set({ samePerson })}
          options={(['off', 'adjacent', 'whole'] as const).map((value) => ({ value, label: t(`same.${value}`) }))}
        />
        {settings.samePerson !== 'off' && <div className="muted">{t('notByItself')}</div>}
      </Labelled>
      <Labelled label={t('lock')}>
        <Select<'off' | 'all' | 'fields'>
          aria-label={t('lock')}
          style={{ width: '100%' }}
          value={lockKind}
          onChange={(kind) => set({ lock: kind === 'fields' ? [] : kind })}
          options={(['off', 'all', 'fields'] as const).map((value) => ({ value, label: t(`lockRule.${value}`) }))}
        />
      </Labelled>
      {Array.isArray(settings.lock) && (
        <Labelled label={t('lockFields')}>
          <Select<string[]>
            mode="multiple"
            aria-label={t('lockFields')}
            style={{ width: '100%' }}
            value={settings.lock}
            onChange={(lock) => set({ lock })}
            showSearch={{ optionFilterProp: 'label' }}
            options={(form?.fields ?? [])
              .filter((field) => !field.system)
              .map((field) => ({ value: field.id as string, label: field.name }))}
          />
        </Labelled>
      )}
      <Labelled label={t('urge')}>
        <InputNumber<number>
          aria-label={t('urge')}
          style={{ width: '100%' }}
          min={1}
          max={10_080}
          precision={0}
          value={settings.urgeMinutes}
          onChange={(urgeMinutes) => set({ urgeMinutes: urgeMinutes ?? 30 })}
        />
      </Labelled>
      <Labelled group label={t('hours')}>
        <Space>
          {(['from', 'to'] as const).map((end) => (
            <TimePicker
              key={end}
              format="HH:mm"
              minuteStep={15}
              allowClear={false}
              needConfirm={false}
              aria-label={t(end)}
              value={dayjs(`2000-01-01T${settings.hours[end]}`)}
              onChange={(time) => time && set({ hours: { ...settings.hours, [end]: time.format('HH:mm') } })}
            />
          ))}
        </Space>
      </Labelled>
    </>
  );
}
