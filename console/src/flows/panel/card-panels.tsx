import type { FlowNode } from '@lianke/shared/flows/definition';
import { approvalModes } from '@lianke/shared/flows/nodes/people';
import { Checkbox, InputNumber, Radio, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { formOfSource } from '../model/words.js';
import { CardEditor } from './card-editor.js';
import { PeopleEditor } from './people-editor.js';
import { RecordChoice, type StepProps } from './step-parts.js';

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
      <RecordChoice
        label={t('panel.opens')}
        nodeId={node.id}
        value={node.record}
        speaker={speaker}
        onChange={(record) => {
          const task = formOfSource(speaker, record)?.settings.task !== undefined;
          onChange({ ...node, record, kind: task ? node.kind : 'notice' });
        }}
      />
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
          onChange={(event) => onChange(withMode(node, event.target.value as ApprovalNode['mode']))}
          options={approvalModes.map((mode) => ({ value: mode, label: t(`panel.${mode}`) }))}
        />
      </Labelled>
      {node.mode === 'all' && (
        <Labelled label={t('panel.refuse')}>
          <Select<'atOnce' | 'afterAll'>
            aria-label={t('panel.refuse')}
            style={{ width: '100%' }}
            value={node.refuse ?? 'atOnce'}
            onChange={(refuse) => onChange({ ...node, refuse })}
            options={[
              { value: 'atOnce', label: t('panel.refuseAtOnce') },
              { value: 'afterAll', label: t('panel.refuseAfterAll') },
            ]}
          />
        </Labelled>
      )}
      {node.mode === 'ratio' && (
        <Labelled group label={t('panel.atLeast')}>
          <Space.Compact block>
            <InputNumber<number>
              aria-label={t('panel.atLeast')}
              style={{ width: '100%' }}
              min={1}
              max={100}
              precision={0}
              value={node.atLeast?.value ?? null}
              onChange={(value) =>
                onChange(
                  value === null
                    ? withoutThreshold(node)
                    : { ...node, atLeast: { unit: node.atLeast?.unit ?? 'percent', value } },
                  'atLeast',
                )
              }
            />
            <Select<'percent' | 'count'>
              aria-label={t('panel.atLeastUnit')}
              style={{ width: 130 }}
              value={node.atLeast?.unit ?? 'percent'}
              onChange={(unit) => onChange({ ...node, atLeast: { unit, value: node.atLeast?.value ?? 1 } })}
              options={[
                { value: 'percent', label: t('panel.percent') },
                { value: 'count', label: t('panel.count') },
              ]}
            />
          </Space.Compact>
        </Labelled>
      )}
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

type ApprovalNode = Extract<FlowNode, { type: 'approval' }>;

/** A mode's own settings go with it; a ratio begins as more than half. */
function withMode(node: ApprovalNode, mode: ApprovalNode['mode']): ApprovalNode {
  const { refuse, ...plain } = withoutThreshold(node);
  if (mode === 'all') return { ...plain, mode, ...(refuse ? { refuse } : {}) };
  if (mode === 'ratio') return { ...plain, mode, atLeast: node.atLeast ?? { unit: 'percent', value: 51 } };
  return { ...plain, mode };
}

function withoutThreshold({ atLeast: _, ...node }: ApprovalNode): ApprovalNode {
  return node;
}
