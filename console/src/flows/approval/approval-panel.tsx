import type { FlowNode } from '@lianke/shared/flows/definition';
import { approvalModes, approverExtras } from '@lianke/shared/flows/nodes/approval';
import { Checkbox, Collapse, InputNumber, Radio, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { MembersPicker } from '../../shared/member-picker.js';
import { triggerId } from '../model/graph.js';
import { formOfSource } from '../model/words.js';
import { CardEditor } from '../panel/card-editor.js';
import { PeopleEditor } from '../panel/people-editor.js';
import type { StepProps } from '../panel/step-parts.js';
import { NodeFields } from './node-fields.js';
import { TimerEditor } from './timer-editor.js';
import './words.js';

type ApprovalNode = Extract<FlowNode, { type: 'approval' }>;

/** 审批: who decides and how, what they see and may do, and what happens when nobody answers. */
export function ApprovalPanel(props: StepProps<'approval'>) {
  const { node, onChange, speaker, sources } = props;
  const { t } = useTranslation('flows');
  const { t: a } = useTranslation('approvals');
  return (
    <>
      <Labelled group label={t('panel.approvers')}>
        <PeopleEditor
          approval
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
      <RuleDetail node={node} onChange={onChange} />
      <Labelled label={t('panel.whenEmpty')}>
        <Select<ApprovalNode['whenEmpty']>
          aria-label={t('panel.whenEmpty')}
          style={{ width: '100%' }}
          value={node.whenEmpty}
          onChange={(whenEmpty) => onChange({ ...node, whenEmpty })}
          options={(['admin', 'managerUp', 'named', 'pass', 'reject'] as const).map((value) => ({
            value,
            label: a(`whenEmpty.${value}`),
          }))}
        />
      </Labelled>
      {node.whenEmpty === 'named' && (
        <Labelled group label={a('emptyTo')}>
          <MembersPicker
            value={node.emptyTo ?? []}
            label={a('emptyTo')}
            onChange={(emptyTo) => onChange({ ...node, emptyTo })}
          />
        </Labelled>
      )}
      <Labelled label={a('whenStarter')}>
        <Select<'self' | 'skip' | 'head'>
          aria-label={a('whenStarter')}
          style={{ width: '100%' }}
          value={node.whenStarter ?? 'self'}
          onChange={(whenStarter) => onChange({ ...node, whenStarter })}
          options={(['self', 'skip', 'head'] as const).map((value) => ({ value, label: a(`starter.${value}`) }))}
        />
        {node.whenStarter === 'skip' && takesMore(node) && <div className="muted">{a('notByItself')}</div>}
      </Labelled>
      <div className="designer-section">
        <Checkbox
          checked={node.commentOnReject}
          onChange={(event) => onChange({ ...node, commentOnReject: event.target.checked })}
        >
          {t('panel.commentOnReject')}
        </Checkbox>
        <Checkbox
          checked={node.commentOnApprove ?? false}
          onChange={(event) => onChange({ ...node, commentOnApprove: event.target.checked })}
        >
          {a('commentOnApprove')}
        </Checkbox>
        <Checkbox
          checked={node.signature ?? false}
          onChange={(event) => onChange({ ...node, signature: event.target.checked })}
        >
          {a('signature')}
        </Checkbox>
      </div>
      <Collapse
        ghost
        size="small"
        items={[
          { key: 'time', label: a('section.time'), children: <TimerEditor {...props} /> },
          {
            key: 'fields',
            label: a('section.form'),
            children: (
              <NodeFields node={props.node} onChange={props.onChange} form={formOfSource(props.speaker, triggerId)} />
            ),
          },
          { key: 'more', label: a('section.more'), children: <Extras node={node} onChange={onChange} /> },
        ]}
      />
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

/** What a way of deciding leaves open: the grid of together or in turn, veto or pass, at once or after all. */
function RuleDetail({ node, onChange }: Pick<StepProps<'approval'>, 'node' | 'onChange'>) {
  const { t } = useTranslation('flows');
  const { t: a } = useTranslation('approvals');
  const { mode } = node;
  return (
    <>
      {mode !== 'ratio' && (
        <Labelled label={a('refuse')}>
          <Select<'atOnce' | 'afterAll'>
            aria-label={a('refuse')}
            style={{ width: '100%' }}
            value={node.refuse ?? 'atOnce'}
            onChange={(refuse) => onChange({ ...node, refuse })}
            options={
              mode === 'any'
                ? [
                    { value: 'atOnce', label: a('anyFirst') },
                    { value: 'afterAll', label: a('anyAll') },
                  ]
                : [
                    { value: 'atOnce', label: a('veto') },
                    { value: 'afterAll', label: a('afterAll') },
                  ]
            }
          />
        </Labelled>
      )}
      {mode === 'ratio' && (
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
      <div className="designer-section">
        {mode !== 'sequential' && (
          <Checkbox
            checked={node.oneByOne ?? false}
            onChange={(event) => onChange({ ...node, oneByOne: event.target.checked })}
          >
            {a('oneByOne')}
          </Checkbox>
        )}
        {(mode === 'ratio' || (mode === 'any' && node.refuse === 'afterAll')) && (
          <Checkbox
            checked={node.collectAll ?? false}
            onChange={(event) => onChange({ ...node, collectAll: event.target.checked })}
          >
            {a('collectAll')}
          </Checkbox>
        )}
        {mode === 'ratio' && (
          <Checkbox
            checked={node.addedCount ?? false}
            onChange={(event) => onChange({ ...node, addedCount: event.target.checked })}
          >
            {a('addedCount')}
          </Checkbox>
        )}
      </div>
    </>
  );
}

function Extras({ node, onChange }: Pick<StepProps<'approval'>, 'node' | 'onChange'>) {
  const { t } = useTranslation('approvals');
  const without = node.without ?? [];
  return (
    <Checkbox.Group
      style={{ flexDirection: 'column', gap: 4 }}
      value={approverExtras.filter((extra) => !without.includes(extra))}
      onChange={(on) => onChange({ ...node, without: approverExtras.filter((extra) => !on.includes(extra)) })}
      options={approverExtras.map((extra) => ({ value: extra, label: t(`may.${extra}`) }))}
    />
  );
}

/** A mode's own settings go with it; a ratio begins as more than half. */
function withMode(node: ApprovalNode, mode: ApprovalNode['mode']): ApprovalNode {
  const { refuse: _refuse, collectAll: _collect, addedCount: _added, ...plain } = withoutThreshold(node);
  if (mode === 'ratio') return { ...plain, mode, atLeast: node.atLeast ?? { unit: 'percent', value: 51 } };
  return { ...plain, mode };
}

function withoutThreshold({ atLeast: _, ...node }: ApprovalNode): ApprovalNode {
  return node;
}

/** Agreeing takes more than a press, so nobody is passed over here. */
const takesMore = (node: ApprovalNode): boolean =>
  node.signature === true || node.commentOnApprove === true || Object.values(node.fields ?? {}).includes('required');
