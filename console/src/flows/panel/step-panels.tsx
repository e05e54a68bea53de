import type { FlowNode } from '@lianke/shared/flows/definition';
import type { FormId } from '@lianke/shared/ids';
import { Checkbox, Input, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { certainBefore, nodeOf, triggerId } from '../model/graph.js';
import { firstAssignments } from '../model/new-node.js';
import type { Source } from '../model/sources.js';
import { emptyValue } from '../model/values.js';
import { formOfSource, nodeName, type Speaker } from '../model/words.js';
import { AssignmentTable } from './assignment-table.js';
import { CardEditor } from './card-editor.js';
import { PeopleEditor } from './people-editor.js';
import { RefSelect } from './ref-select.js';
import { NowEditor } from './value-editor.js';

export interface StepProps<Type extends FlowNode['type']> {
  node: Extract<FlowNode, { type: Type }>;
  onChange: (node: FlowNode, merge?: string) => void;
  speaker: Speaker;
  sources: readonly Source[];
}

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
      {form && (
        <Labelled group label={t('panel.assignments')}>
          <AssignmentTable
            form={form}
            assignments={node.assignments}
            onChange={(assignments, merge) => onChange({ ...node, assignments }, merge)}
            sources={sources}
            forms={speaker.forms}
            creates
          />
        </Labelled>
      )}
    </>
  );
}

/** Records that a step may change or open: the trigger's and those made before. */
function recordOptions(speaker: Speaker, nodeId: string, t: ReturnType<typeof useTranslation<'flows'>>['t']) {
  const made = certainBefore(speaker.def, nodeId).filter((id) => nodeOf(speaker.def, id)?.type === 'createRecord');
  return [triggerId, ...made].map((id) => {
    const form = formOfSource(speaker, id)?.name ?? t('say.gone');
    const label =
      id === triggerId
        ? t('panel.updateTrigger', { form })
        : t('panel.updateMade', { name: nodeName(speaker, id), form });
    return { value: id, label, title: label };
  });
}

/** 修改数据: which record, and its 字段赋值. */
export function UpdatePanel({ node, onChange, speaker, sources }: StepProps<'updateRecord'>) {
  const { t } = useTranslation('flows');
  const form = formOfSource(speaker, node.target);
  return (
    <>
      <Labelled label={t('panel.updateTarget')}>
        <Select<string>
          aria-label={t('panel.updateTarget')}
          style={{ width: '100%' }}
          value={node.target}
          onChange={(target) => {
            const same = formOfSource(speaker, target)?.id === form?.id;
            onChange({ ...node, target, assignments: same ? node.assignments : [] });
          }}
          options={recordOptions(speaker, node.id, t)}
        />
      </Labelled>
      {form && (
        <Labelled group label={t('panel.assignments')}>
          <AssignmentTable
            form={form}
            assignments={node.assignments}
            onChange={(assignments, merge) => onChange({ ...node, assignments }, merge)}
            sources={sources}
            forms={speaker.forms}
            creates={false}
          />
        </Labelled>
      )}
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

/** 发消息: who receives it, what the card says, what it opens. */
export function MessagePanel({ node, onChange, speaker, sources }: StepProps<'message'>) {
  const { t } = useTranslation('flows');
  const taskForm = formOfSource(speaker, node.record)?.settings.task !== undefined;
  return (
    <>
      <Labelled group label={t('panel.to')}>
        <PeopleEditor
          people={node.to}
          label={t('panel.to')}
          sources={sources}
          forms={speaker.forms}
          onChange={(to) => onChange({ ...node, to })}
        />
      </Labelled>
      <Labelled label={t('panel.opens')}>
        <Select<string>
          aria-label={t('panel.opens')}
          style={{ width: '100%' }}
          value={node.record}
          onChange={(record) => {
            const task = formOfSource(speaker, record)?.settings.task !== undefined;
            onChange({ ...node, record, kind: task ? node.kind : 'notice' });
          }}
          options={recordOptions(speaker, node.id, t)}
        />
      </Labelled>
      {taskForm && (
        <Labelled group label={t('panel.messageKind')}>
          <Radio.Group
            value={node.kind}
            onChange={(event) => onChange({ ...node, kind: event.target.value as 'notice' | 'task' })}
            options={[
              { value: 'notice', label: t('panel.notice') },
              { value: 'task', label: t('panel.task') },
            ]}
          />
        </Labelled>
      )}
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={node.kind === 'task' ? [t('panel.buttonDone'), t('panel.buttonOpen')] : [t('panel.buttonOpen')]}
      />
    </>
  );
}

/** 审批: who decides and how, and what they see. */
export function ApprovalPanel({ node, onChange, speaker, sources }: StepProps<'approval'>) {
  const { t } = useTranslation('flows');
  return (
    <>
      <Labelled group label={t('panel.approvers')}>
        <PeopleEditor
          people={node.approvers}
          label={t('panel.approvers')}
          sources={sources}
          forms={speaker.forms}
          onChange={(approvers) => onChange({ ...node, approvers })}
        />
      </Labelled>
      <Labelled group label={t('panel.mode')}>
        <Radio.Group
          vertical
          value={node.mode}
          onChange={(event) => onChange({ ...node, mode: event.target.value as 'any' | 'all' })}
          options={[
            { value: 'any', label: t('panel.any') },
            { value: 'all', label: t('panel.all') },
          ]}
        />
      </Labelled>
      <Labelled label={t('panel.whenEmpty')}>
        <Select<'pass' | 'reject' | 'admin'>
          aria-label={t('panel.whenEmpty')}
          style={{ width: '100%' }}
          value={node.whenEmpty}
          onChange={(whenEmpty) => onChange({ ...node, whenEmpty })}
          options={[
            { value: 'admin', label: t('panel.whenEmptyAdmin') },
            { value: 'pass', label: t('panel.whenEmptyPass') },
            { value: 'reject', label: t('panel.whenEmptyReject') },
          ]}
        />
      </Labelled>
      <div className="designer-section">
        <Checkbox
          checked={node.commentOnReject}
          onChange={(event) => onChange({ ...node, commentOnReject: event.target.checked })}
        >
          {t('panel.commentOnReject')}
        </Checkbox>
      </div>
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={[t('port.approved'), t('port.rejected')]}
      />
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
    </Labelled>
  );
}
