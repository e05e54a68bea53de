import type { Trigger } from '@lianke/shared/flows/definition';
import { Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { triggerId } from '../model/graph.js';
import { newTrigger, triggerTypes } from '../model/new-node.js';
import { fieldOf } from '../model/sources.js';
import { formOfSource, type Speaker } from '../model/words.js';
import { FilterField } from './filter-field.js';

interface Props {
  trigger: Trigger;
  onChange: (trigger: Trigger, merge?: string) => void;
  speaker: Speaker;
}

/** When the flow runs: on which form, upon what, and for which records. */
export function TriggerPanel({ trigger, onChange, speaker }: Props) {
  const { t } = useTranslation('flows');
  const form = formOfSource(speaker, triggerId);
  return (
    <>
      <Labelled label={t('panel.form')}>
        <div>{form?.name ?? t('say.gone')}</div>
      </Labelled>
      <Labelled group label={t('panel.triggerType')}>
        <Radio.Group
          vertical
          value={trigger.type}
          onChange={(event) => onChange(newTrigger(event.target.value as Trigger['type'], trigger.formId, trigger))}
          options={triggerTypes.map((type) => ({
            value: type,
            label: (
              <>
                {t(`trigger.${type}`)}
                <span className="designer-hint" style={{ display: 'block', marginTop: 0 }}>
                  {t(`trigger.${type}Hint`)}
                </span>
              </>
            ),
          }))}
        />
      </Labelled>
      {trigger.type === 'recordUpdated' && form && (
        <Labelled label={t('panel.watched')}>
          <Select<string[]>
            mode="multiple"
            aria-label={t('panel.watched')}
            style={{ width: '100%' }}
            placeholder={t('panel.watchedAny')}
            value={trigger.fields.map((ref) => fieldOf(form, ref)?.id ?? ref)}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(fields) => onChange({ ...trigger, fields })}
            options={form.fields
              .filter((field) => !field.system || field.id === 'owner')
              .map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
          />
        </Labelled>
      )}
      {form && (
        <Labelled group label={t(trigger.type === 'entersFilter' ? 'panel.entersFilter' : 'panel.triggerFilter')}>
          <FilterField
            form={form}
            value={trigger.filter}
            emptyText={t(trigger.type === 'entersFilter' ? 'fault.noFilter' : 'panel.everyRecord')}
            onChange={(filter) => {
              if (trigger.type === 'entersFilter') return onChange({ ...trigger, filter: filter ?? { and: [] } });
              const { filter: _, ...rest } = trigger;
              return onChange(filter ? { ...rest, filter } : rest);
            }}
          />
        </Labelled>
      )}
    </>
  );
}
