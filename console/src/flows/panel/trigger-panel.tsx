import { approvalEnds, filterOf, type Trigger } from '@lianke/shared/flows/triggers';
import { Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router-dom';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { newTrigger, triggerGroups } from '../model/new-node.js';
import { fieldOf } from '../model/sources.js';
import type { Speaker } from '../model/words.js';
import { ChatSection } from './chat-section.js';
import { FilterField } from './filter-field.js';
import { HookSection } from './hook-section.js';
import { InputsEditor } from './inputs-editor.js';
import { DateSection, PlanSection } from './schedule-section.js';

interface Props {
  trigger: Trigger;
  onChange: (trigger: Trigger, merge?: string) => void;
  speaker: Speaker;
}

/** When the flow runs: on which form, upon what, and for which records. */
export function TriggerPanel({ trigger, onChange, speaker }: Props) {
  const { t } = useTranslation('flows');
  const { flowId = '' } = useParams();
  const form = speaker.forms.find((item) => item.id === trigger.formId);
  return (
    <>
      <Labelled label={t('panel.form')}>
        <div>{form?.name ?? t('say.gone')}</div>
      </Labelled>
      <Labelled label={t('panel.triggerType')} hint={t(`start.${trigger.type}Hint`)}>
        <TriggerChoice value={trigger.type} onChange={(type) => onChange(newTrigger(type, trigger.formId, trigger))} />
      </Labelled>
      {form && <Own trigger={trigger} onChange={onChange} form={form} />}
      {trigger.type === 'button' && (
        <InputsEditor
          label={t('start.inputs')}
          inputs={trigger.inputs}
          onChange={(inputs, merge) => onChange({ ...trigger, inputs }, merge)}
        />
      )}
      {trigger.type === 'called' && (
        <InputsEditor
          label={t('start.calledInputs')}
          inputs={trigger.inputs}
          onChange={(inputs, merge) => onChange({ ...trigger, inputs }, merge)}
        />
      )}
      {trigger.type === 'chat' && form && <ChatSection trigger={trigger} form={form} onChange={onChange} />}
      {trigger.type === 'webhook' && <HookSection trigger={trigger} flowId={flowId} onChange={onChange} />}
      {form && 'filter' in trigger && <Condition trigger={trigger} onChange={onChange} form={form} />}
      {form && !('filter' in trigger) && takesFilter(trigger) && (
        <Condition trigger={trigger} onChange={onChange} form={form} />
      )}
    </>
  );
}

const takesFilter = (trigger: Trigger): boolean =>
  !['approvalEnded', 'schedule', 'chat', 'webhook', 'called'].includes(trigger.type);

/** The kinds of triggers in their groups. */
export function TriggerChoice({
  id,
  value,
  onChange,
}: {
  /** Where a label on the page names it; without one it names itself. */
  id?: string;
  value: Trigger['type'];
  onChange: (type: Trigger['type']) => void;
}) {
  const { t } = useTranslation('flows');
  const group = (name: keyof typeof triggerGroups, label: string) => ({
    label,
    title: label,
    options: triggerGroups[name].map((type) => ({
      value: type as Trigger['type'],
      label: t(`start.${type}`),
      title: t(`start.${type}Hint`),
    })),
  });
  return (
    <Select<Trigger['type']>
      {...(id ? { id } : { 'aria-label': t('panel.triggerType') })}
      style={{ width: '100%' }}
      listHeight={420}
      value={value}
      onChange={onChange}
      options={[
        group('data', t('start.groupData')),
        group('time', t('start.groupTime')),
        group('hand', t('start.groupHand')),
      ]}
    />
  );
}

/** What only this kind of trigger asks. */
function Own({ trigger, onChange, form }: Omit<Props, 'speaker'> & { form: FormView }) {
  const { t } = useTranslation('flows');
  switch (trigger.type) {
    case 'recordCreated':
      return <PerBatch trigger={trigger} onChange={onChange} />;
    case 'recordUpdated':
      return (
        <>
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
          <Labelled group label={t('start.before')}>
            <FilterField
              form={form}
              value={trigger.before}
              emptyText={t('start.beforeNone')}
              onChange={(before) => {
                const { before: _, ...rest } = trigger;
                onChange(before ? { ...rest, before } : rest);
              }}
            />
          </Labelled>
          <PerBatch trigger={trigger} onChange={onChange} />
        </>
      );
    case 'approvalEnded':
      return (
        <Labelled group label={t('start.outcomes')}>
          <Checkbox.Group
            value={trigger.outcomes}
            onChange={(outcomes) => onChange({ ...trigger, outcomes })}
            options={approvalEnds.map((end) => ({ value: end, label: t(`start.${end}`) }))}
          />
        </Labelled>
      );
    case 'schedule':
      return <PlanSection trigger={trigger} onChange={onChange} />;
    case 'dateArrives':
      return <DateSection trigger={trigger} onChange={onChange} form={form} />;
    case 'button':
      return (
        <Labelled label={t('start.buttonLabel')}>
          <Input
            aria-label={t('start.buttonLabel')}
            value={trigger.label}
            maxLength={12}
            status={trigger.label.trim() === '' ? 'error' : ''}
            onChange={(event) => onChange({ ...trigger, label: event.target.value }, 'label')}
          />
        </Labelled>
      );
    default:
      return null;
  }
}

function PerBatch({
  trigger,
  onChange,
}: {
  trigger: Extract<Trigger, { type: 'recordCreated' | 'recordUpdated' }>;
  onChange: Props['onChange'];
}) {
  const { t } = useTranslation('flows');
  return (
    <Labelled group label="" hint={t('start.perBatchHint')}>
      <Checkbox
        checked={trigger.perBatch ?? false}
        onChange={(event) => {
          const { perBatch: _, ...rest } = trigger;
          onChange(event.target.checked ? { ...rest, perBatch: true } : rest);
        }}
      >
        {t('start.perBatch')}
      </Checkbox>
    </Labelled>
  );
}

function Condition({ trigger, onChange, form }: Omit<Props, 'speaker'> & { form: FormView }) {
  const { t } = useTranslation('flows');
  const label =
    trigger.type === 'entersFilter'
      ? t('panel.entersFilter')
      : trigger.type === 'button'
        ? t('start.offered')
        : t('panel.triggerFilter');
  const empty =
    trigger.type === 'entersFilter'
      ? t('fault.noFilter')
      : trigger.type === 'button'
        ? t('start.offeredAlways')
        : t('panel.everyRecord');
  return (
    <Labelled group label={label}>
      <FilterField
        form={form}
        value={filterOf(trigger)}
        emptyText={empty}
        onChange={(filter) => {
          if (trigger.type === 'entersFilter') return onChange({ ...trigger, filter: filter ?? { and: [] } });
          const { filter: _, ...rest } = trigger as Extract<Trigger, { type: 'recordCreated' }>;
          return onChange((filter ? { ...rest, filter } : rest) as Trigger);
        }}
      />
    </Labelled>
  );
}
