import { CopyOutlined, DeleteOutlined } from '@ant-design/icons';
import type { FlowNode } from '@lianke/shared/flows/definition';
import type { ApprovalSettings } from '@lianke/shared/flows/nodes/approval';
import { Button, Checkbox, Input, Tooltip } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { ApprovalPanel } from '../approval/approval-panel.js';
import { ApprovalRules } from '../approval/approval-rules.js';
import { CcPanel } from '../approval/cc-panel.js';
import { StepIcon } from '../designer/step-kinds.js';
import { nodeOf, triggerId } from '../model/graph.js';
import type { Source } from '../model/sources.js';
import { formOfSource, type Speaker, sourcesOf } from '../model/words.js';
import { DeletePanel, FindPanel, LoopPanel, ParallelPanel } from './block-panels.js';
import { BranchPanel } from './branch-panel.js';
import { AggregatePanel, AssignPanel, SubflowPanel, UpsertPanel } from './data-panels.js';
import { CommentPanel, FillPanel } from './fill-panels.js';
import { HttpPanel } from './http-panel.js';
import './panel.css';
import { MessagePanel } from './card-panels.js';
import { EmailPanel, GroupMessagePanel } from './outside-panels.js';
import { RetryEditor } from './retry-editor.js';
import { RunAsSection } from './run-as-section.js';
import { CreatePanel, DelayPanel, EndPanel, UpdatePanel } from './step-panels.js';
import { TriggerPanel } from './trigger-panel.js';
import { TransformPanel, VariablesPanel } from './variables-panel.js';

/** Steps that decide by themselves what follows when they fail, or cannot. */
const failSafe: readonly FlowNode['type'][] = [
  'approval',
  'fill',
  'branch',
  'parallel',
  'loop',
  'delay',
  'end',
  'http',
];

/** Steps that wait for people or time, or only decide a way: there is nothing to try again. */
const once: readonly FlowNode['type'][] = ['approval', 'fill', 'branch', 'parallel', 'loop', 'delay', 'end'];

interface Props {
  id: string | undefined;
  speaker: Speaker;
  faults: readonly string[];
  onTrigger: (trigger: Speaker['def']['trigger'], merge?: string) => void;
  onRunAs: (runAs: Speaker['def']['runAs']) => void;
  onNode: (node: FlowNode, merge?: string) => void;
  onApproval: (settings: ApprovalSettings) => void;
  onRemove: (id: string) => void;
  onCopy: (id: string) => void;
}

/** The properties of the selected step (or the trigger), in plain words. */
export function StepPanel({ id, speaker, faults, onTrigger, onRunAs, onNode, onApproval, onRemove, onCopy }: Props) {
  const { t } = useTranslation('flows');
  const sources = useMemo(() => (id === undefined ? [] : sourcesOf(speaker, id)), [speaker, id]);
  const node = id === undefined ? undefined : nodeOf(speaker.def, id);
  if (!node && id !== triggerId) {
    return (
      <aside className="designer-panel" aria-label={t('design.properties')}>
        <div className="designer-panel-head">{t('design.properties')}</div>
        <div className="designer-panel-body muted">{t('panel.emptyPanel')}</div>
      </aside>
    );
  }
  return (
    <aside className="designer-panel" aria-label={t('design.properties')}>
      <div className="designer-panel-head">
        <StepIcon kind={node?.type ?? 'trigger'} />
        {node ? (
          <Input
            variant="borderless"
            className="step-name-input"
            aria-label={t('design.nodeName')}
            placeholder={t(`node.${node.type}`)}
            value={node.name}
            maxLength={40}
            onChange={(event) => onNode({ ...node, name: event.target.value }, `name:${node.id}`)}
          />
        ) : (
          <span style={{ flex: 1 }}>{t('trigger.title')}</span>
        )}
        {node && (
          <>
            <Tooltip title={t('design.duplicate')}>
              <Button
                type="text"
                icon={<CopyOutlined />}
                aria-label={t('design.duplicate')}
                onClick={() => onCopy(node.id)}
              />
            </Tooltip>
            <Tooltip title={`${t('design.removeNode')} Delete`}>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('design.removeNode')}
                onClick={() => onRemove(node.id)}
              />
            </Tooltip>
          </>
        )}
      </div>
      <div className="designer-panel-body" key={id}>
        {faults.length > 0 && (
          <ul className="panel-faults" aria-label={t('panel.faultsTitle')}>
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        )}
        {node ? (
          <>
            <Body
              node={node}
              speaker={speaker}
              sources={sources}
              onChange={(next, merge) => onNode(next, merge === undefined ? undefined : `${node.id}:${merge}`)}
            />
            {!once.includes(node.type) && (
              <RetryEditor node={node} onChange={(next, merge) => onNode(next, merge && `${node.id}:${merge}`)} />
            )}
            {!failSafe.includes(node.type) && (
              <Labelled group label={t('more.onFail')}>
                <Checkbox
                  checked={node.onFail === 'continue'}
                  onChange={(event) => {
                    const { onFail: _, ...rest } = node;
                    onNode((event.target.checked ? { ...rest, onFail: 'continue' } : rest) as FlowNode);
                  }}
                >
                  {t('more.onFailContinue')}
                </Checkbox>
              </Labelled>
            )}
          </>
        ) : (
          <>
            <TriggerPanel trigger={speaker.def.trigger} onChange={onTrigger} speaker={speaker} />
            {speaker.def.nodes.some((item) => item.type === 'approval') && (
              <ApprovalRules def={speaker.def} form={formOfSource(speaker, triggerId)} onChange={onApproval} />
            )}
            <RunAsSection value={speaker.def.runAs} trigger={speaker.def.trigger} onChange={onRunAs} />
          </>
        )}
      </div>
    </aside>
  );
}

interface BodyProps {
  node: FlowNode;
  speaker: Speaker;
  sources: readonly Source[];
  onChange: (node: FlowNode, merge?: string) => void;
}

function Body({ node, ...rest }: BodyProps) {
  switch (node.type) {
    case 'createRecord':
      return <CreatePanel node={node} {...rest} />;
    case 'updateRecord':
      return <UpdatePanel node={node} {...rest} />;
    case 'upsertRecord':
      return <UpsertPanel node={node} {...rest} />;
    case 'aggregate':
      return <AggregatePanel node={node} {...rest} />;
    case 'assign':
      return <AssignPanel node={node} {...rest} />;
    case 'subflow':
      return <SubflowPanel node={node} {...rest} />;
    case 'deleteRecord':
      return <DeletePanel node={node} {...rest} />;
    case 'findRecords':
      return <FindPanel node={node} {...rest} />;
    case 'parallel':
      return <ParallelPanel node={node} {...rest} />;
    case 'loop':
      return <LoopPanel node={node} {...rest} />;
    case 'http':
      return <HttpPanel node={node} {...rest} />;
    case 'setVariables':
      return <VariablesPanel node={node} {...rest} />;
    case 'transform':
      return <TransformPanel node={node} {...rest} />;
    case 'fill':
      return <FillPanel node={node} {...rest} />;
    case 'comment':
      return <CommentPanel node={node} {...rest} />;
    case 'email':
      return <EmailPanel node={node} {...rest} />;
    case 'groupMessage':
      return <GroupMessagePanel node={node} {...rest} />;
    case 'branch':
      return <BranchPanel node={node} {...rest} />;
    case 'delay':
      return <DelayPanel node={node} {...rest} />;
    case 'message':
      return <MessagePanel node={node} {...rest} />;
    case 'approval':
      return <ApprovalPanel node={node} {...rest} />;
    case 'cc':
      return <CcPanel node={node} {...rest} />;
    case 'end':
      return <EndPanel node={node} {...rest} />;
  }
}
