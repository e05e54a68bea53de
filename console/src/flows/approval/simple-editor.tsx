import { PlusOutlined } from '@ant-design/icons';
import { bodyPortsOf, type FlowDefinition, type FlowNode, type FlowNodeType } from '@lianke/shared/flows/definition';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { StepIcon } from '../designer/step-kinds.js';
import {
  connect,
  freshId,
  insertAt,
  nodeOf,
  portsAt,
  reachableFrom,
  type Slot,
  targetAt,
  triggerId,
} from '../model/graph.js';
import { caseName, type Speaker, sayNode, sayTrigger } from '../model/words.js';
import './simple-editor.css';
import './simple-words.js';

/** Steps that people add who never draw graphs. */
const offered: FlowNodeType[] = ['approval', 'cc', 'branch', 'parallel', 'message', 'updateRecord', 'createRecord'];

interface Props {
  speaker: Speaker;
  selected: string | undefined;
  onSelect: (id: string) => void;
  faults: ReadonlyMap<string, readonly string[]>;
  onAdd: (type: FlowNodeType, slot: Slot) => void;
}

/** 发起 → 审批人 → 抄送 → 结束: the same definition as the canvas, as one column from top to bottom. */
export function SimpleEditor(props: Props) {
  const { speaker, selected, onSelect } = props;
  const { t } = useTranslation('simpleFlow');
  return (
    <div className="simple-flow">
      <button
        type="button"
        className={`simple-card${selected === triggerId ? ' chosen' : ''}`}
        onClick={() => onSelect(triggerId)}
      >
        <span className="simple-name">
          <StepIcon kind="trigger" /> {t('start')}
        </span>
        <span className="muted">{sayTrigger(speaker, speaker.def.trigger)}</span>
      </button>
      <Chain {...props} slot={{ from: triggerId, port: 'next' }} until={undefined} depth={0} />
      <div className="simple-end">{t('end')}</div>
    </div>
  );
}

/** What follows at a slot, until a step that several ways share. */
function Chain(props: Props & { slot: Slot; until: string | undefined; depth: number }) {
  const { speaker, slot, until, depth, onAdd } = props;
  const { def } = speaker;
  const id = targetAt(def, slot);
  const node = id === undefined || id === until ? undefined : nodeOf(def, id);
  if (!node || depth > 60) return <AddButton onAdd={(type) => onAdd(type, slot)} />;
  const onward = onwardOf(def, node, until);
  return (
    <>
      <AddButton onAdd={(type) => onAdd(type, slot)} />
      <Card {...props} node={node} />
      {onward.ways.length > 0 && (
        <div className="simple-ways">
          {onward.ways.map((port) => (
            <div key={port} className="simple-way">
              <div className="simple-way-name">{wayName(props, node, port)}</div>
              <Chain {...props} slot={{ from: node.id, port }} until={onward.join ?? until} depth={depth + 1} />
            </div>
          ))}
        </div>
      )}
      {onward.next && <Chain {...props} slot={onward.next} until={until} depth={depth + 1} />}
    </>
  );
}

function Card({ speaker, selected, onSelect, faults, node }: Props & { node: FlowNode }) {
  const { t } = useTranslation('flows');
  const { t: s } = useTranslation('simpleFlow');
  const wrong = faults.get(node.id) ?? [];
  const refused = node.type === 'approval' ? targetAt(speaker.def, { from: node.id, port: 'rejected' }) : undefined;
  const after = refused === undefined ? undefined : nodeOf(speaker.def, refused);
  return (
    <button
      type="button"
      className={`simple-card${selected === node.id ? ' chosen' : ''}${wrong.length > 0 ? ' wrong' : ''}`}
      onClick={() => onSelect(node.id)}
    >
      <span className="simple-name">
        <StepIcon kind={node.type} /> {node.name || t(`node.${node.type}`)}
      </span>
      <span className="muted">{sayNode(speaker, node)}</span>
      {node.type === 'approval' && (
        <span className="simple-refused">
          {after && after.type !== 'end' ? s('refusedThen', { what: sayNode(speaker, after) }) : s('refused')}
        </span>
      )}
      {wrong.map((fault) => (
        <span key={fault} className="simple-fault">
          {fault}
        </span>
      ))}
    </button>
  );
}

function AddButton({ onAdd }: { onAdd: (type: FlowNodeType) => void }) {
  const { t } = useTranslation('flows');
  const { t: s } = useTranslation('simpleFlow');
  return (
    <div className="simple-add">
      <Dropdown
        trigger={['click']}
        menu={{
          items: offered.map((type) => ({ key: type, icon: <StepIcon kind={type} />, label: t(`node.${type}`) })),
          onClick: ({ key }) => onAdd(key as FlowNodeType),
        }}
      >
        <Button shape="circle" size="small" icon={<PlusOutlined />} aria-label={s('add')} />
      </Dropdown>
    </div>
  );
}

interface Onward {
  /** Ways that go side by side. */
  ways: string[];
  /** The step on which they meet again. */
  join: string | undefined;
  /** Where the column goes on. */
  next: Slot | undefined;
}

function onwardOf(def: FlowDefinition, node: FlowNode, until: string | undefined): Onward {
  const bodies = bodyPortsOf(node);
  if (bodies.length > 0) return { ways: bodies, join: undefined, next: { from: node.id, port: 'next' } };
  const ports = portsAt(def, node.id);
  if (node.type === 'approval') return { ways: [], join: undefined, next: { from: node.id, port: 'approved' } };
  if (ports.length <= 1)
    return { ways: [], join: undefined, next: ports[0] ? { from: node.id, port: ports[0] } : undefined };
  const join = meetingOf(
    def,
    ports.map((port) => targetAt(def, { from: node.id, port })),
  );
  const leads = join !== undefined && join !== until ? entryOf(def, node, ports, join) : undefined;
  return { ways: ports, join, next: leads };
}

/** The first step that every way leads to. */
function meetingOf(def: FlowDefinition, starts: readonly (string | undefined)[]): string | undefined {
  const sets = starts.flatMap((start) => (start === undefined ? [] : [reachableFrom(def, start)]));
  if (sets.length < 2) return undefined;
  const [first, ...rest] = sets;
  const shared = [...(first ?? [])].filter((id) => rest.every((set) => set.has(id)));
  return shared.sort((a, b) => reachableFrom(def, b).size - reachableFrom(def, a).size)[0];
}

/** A slot of one of the ways that leads to their meeting: the column goes on there. */
function entryOf(def: FlowDefinition, node: FlowNode, ports: readonly string[], join: string): Slot | undefined {
  for (const port of ports) {
    const start = targetAt(def, { from: node.id, port });
    if (start === join) return { from: node.id, port };
    const inside = start === undefined ? [] : [...reachableFrom(def, start, join)];
    for (const id of inside)
      for (const way of portsAt(def, id))
        if (targetAt(def, { from: id, port: way }) === join) return { from: id, port: way };
  }
  return undefined;
}

function wayName({ speaker }: Props, node: FlowNode, port: string): string {
  const { t } = speaker;
  if (port.startsWith('case:') && node.type === 'branch') return caseName(t, node, port.slice('case:'.length));
  if (port.startsWith('way:') && node.type === 'parallel') {
    const index = node.ways.findIndex((way) => `way:${way.id}` === port);
    return node.ways[index]?.name || t('port.way', { n: index + 1 });
  }
  return t(`port.${port}` as 'port.else');
}

/**
 * Puts a step in, with what people who never see ports expect: ways of a branch meet again, and a refusal ends the flow
 * wherever it happens, also inside of ways that go side by side.
 */
export function insertSimply(def: FlowDefinition, slot: Slot, node: FlowNode): FlowDefinition {
  const follower = targetAt(def, slot);
  let next = insertAt(def, slot, node);
  if (node.type === 'branch' && follower !== undefined) next = connect(next, { from: node.id, port: 'else' }, follower);
  if (node.type === 'approval') {
    const end: FlowNode = { id: freshId(next), name: '', type: 'end' };
    next = insertAt(next, { from: node.id, port: 'rejected' }, end);
  }
  return next;
}
