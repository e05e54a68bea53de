import type { FormId } from '@lianke/shared/ids';
import { Checkbox, Input, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { triggerId } from '../model/graph.js';
import { firstAssignments } from '../model/new-node.js';
import { emptyValue } from '../model/values.js';
import { formOfSource } from '../model/words.js';
import { RefSelect } from './ref-select.js';
import { Assignments, RecordChoice, type StepProps } from './step-parts.js';
import { NowEditor } from './value-editor.js';

/** 新增数据: the target form and its 字段赋值. */
export function CreatePanel({ node, onChange, speaker, sources }: StepProps<'createRecord'>) {
  const { t } = useTranslation('flows');
  const form = speaker.forms.find((item) => item.id === node.formId);
  const start = formOfSource(speaker, triggerId);
  return (
    <>
      <Labelled label={t('panel.target')}>
        <Select<string>
          aria-label={t('panel.target')}
          style={{ width: '100%' }}
          placeholder={t('panel.targetPlaceholder')}
          value={node.formId || null}
          showSearch={{ optionFilterProp: 'label' }}
          status={form ? '' : 'error'}
          onChange={(id) => {
            const target = speaker.forms.find((item) => item.id === id);
            if (!target || target.id === node.formId) return;
            onChange({ ...node, formId: id as FormId, assignments: firstAssignments(target, start) });
          }}
          options={speaker.forms.map((item) => ({ value: item.id as string, label: item.name, title: item.name }))}
        />
      </Labelled>
      <Assignments node={node} form={form} onChange={onChange} speaker={speaker} sources={sources} />
    </>
  );
}

/** 修改数据: which record, and its 字段赋值. */
export function UpdatePanel({ node, onChange, speaker, sources }: StepProps<'updateRecord'>) {
  const { t } = useTranslation('flows');
  const form = formOfSource(speaker, node.target);
  return (
    <>
      <RecordChoice
        label={t('panel.updateTarget')}
        nodeId={node.id}
        value={node.target}
        speaker={speaker}
        onChange={(target) => {
          const same = formOfSource(speaker, target)?.id === form?.id;
          onChange({ ...node, target, assignments: same ? node.assignments : [] });
        }}
      />
      <Assignments node={node} form={form} onChange={onChange} speaker={speaker} sources={sources} />
    </>
  );
}

const isTemporal = (field: { type: string } | undefined) =>
  field !== undefined && ['date', 'datetime', 'lastContact'].includes(field.type);

/** 延时: for a while, or until a date. */
export function DelayPanel({ node, onChange, speaker, sources }: StepProps<'delay'>) {
  const { t } = useTranslation('flows');
  const { wait } = node;
  return (
    <>
      <Labelled group label={t('panel.wait')}>
        <Radio.Group
          value={wait.kind}
          onChange={(event) =>
            onChange({
              ...node,
              wait:
                event.target.value === 'for'
                  ? { kind: 'for', amount: 1, unit: 'day' }
                  : { kind: 'until', value: emptyValue('ref') },
            })
          }
          options={[
            { value: 'for', label: t('panel.waitFor') },
            { value: 'until', label: t('panel.waitUntil') },
          ]}
        />
      </Labelled>
      {wait.kind === 'for' ? (
        <div className="panel-row">
          <InputNumber<number>
            aria-label={t('panel.amount')}
            min={1}
            max={10000}
            precision={0}
            value={wait.amount}
            onChange={(amount) => onChange({ ...node, wait: { ...wait, amount: amount ?? 1 } }, 'amount')}
          />
          <Select
            aria-label={t('panel.unit')}
            value={wait.unit}
            onChange={(unit) => onChange({ ...node, wait: { ...wait, unit } })}
            options={(['minute', 'hour', 'day'] as const).map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
          />
        </div>
      ) : wait.value.kind === 'now' ? (
        <NowEditor
          value={wait.value}
          name={t('panel.until')}
          daily={false}
          onChange={(value) => onChange({ ...node, wait: { kind: 'until', value } }, 'until')}
        />
      ) : (
        <Labelled label={t('panel.until')}>
          <RefSelect
            sources={sources}
            forms={speaker.forms}
            value={wait.value.kind === 'ref' ? wait.value.ref : undefined}
            accepts={isTemporal}
            label={t('panel.until')}
            onChange={(ref) => onChange({ ...node, wait: { kind: 'until', value: { kind: 'ref', ref } } })}
          />
        </Labelled>
      )}
    </>
  );
}

/** 结束: what the list of runs says. */
export function EndPanel({ node, onChange }: StepProps<'end'>) {
  const { t } = useTranslation('flows');
  return (
    <Labelled label={t('panel.endMessage')}>
      <Input.TextArea
        aria-label={t('panel.endMessage')}
        rows={2}
        maxLength={200}
        placeholder={t('panel.endPlaceholder')}
        value={node.message ?? ''}
        onChange={(event) => {
          const { message: _, ...rest } = node;
          onChange(event.target.value === '' ? rest : { ...rest, message: event.target.value }, 'message');
        }}
      />
      <Checkbox
        style={{ marginTop: 8 }}
        checked={node.failed ?? false}
        onChange={(event) => {
          const { failed: _, ...rest } = node;
          onChange(event.target.checked ? { ...rest, failed: true } : rest);
        }}
      >
        {t('panel.endFailed')}
      </Checkbox>
    </Labelled>
  );
}
