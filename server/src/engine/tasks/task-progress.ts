import type { Language } from '@lianke/shared/errors/issue-text';
import { type FlowDefinition, type FlowNode, firstNode, nextNode } from '@lianke/shared/flows/definition';
import type { TaskEntry, TaskStage } from '@lianke/shared/tasks/api';
import type { Stayed } from '../flows/visit-timers.js';
import type { Org } from '../org/org-directory.js';
import type { HeldRun } from './held-task.js';
import { hasVoice, isOpen, type TaskRow } from './task-row.js';
import { asks } from './task-view.js';
import { commentIn, questionIn } from './task-words.js';

export interface FileNote {
  id: string;
  name: string;
  size: number;
  mime: string;
}

export interface Story {
  run: Pick<HeldRun, 'starter_id' | 'withdrawal' | 'unlocked' | 'state'> & {
    started_at: string;
    finished_at: string | null;
  };
  definition: FlowDefinition;
  tasks: readonly TaskRow[];
  /** Every visit of a node, in order. */
  steps: readonly {
    node: string;
    type: string;
    state: string;
    undone: boolean;
    outcome: string | null;
    started_at: string;
    stayed: readonly Stayed[] | null;
  }[];
  files: ReadonlyMap<string, FileNote>;
}

const asked: Partial<Record<TaskRow['kind'], TaskEntry['action']>> = {
  choose: 'chose',
  resubmit: 'resubmitted',
  inform: 'informed',
  fill: 'filled',
};

/** Everybody's part in it, in the order it happened; who still waits or will be asked comes last. */
export function progressOf(story: Story, org: Org, language: Language): TaskEntry[] {
  const words = partWords[language];
  const { run, tasks, definition } = story;
  const person = (id: string | null) => (id ? { id, label: org.nameOf(id) } : null);
  const nameOf = (id: string) => {
    const node = definition.nodes.find((item) => item.id === id);
    return node?.name || (node?.type === 'fill' ? words.fill : words.approval);
  };
  const base = {
    ...{ task: null, actingFor: null, role: 'approver' as const, ask: null, comment: null, question: null },
    ...{ to: null, auto: null },
    ...{ signature: null, attachments: [], undone: false, door: null },
  };
  const byStarter = { ...base, who: person(run.starter_id), role: 'starter' as const, node: words.start };
  const entry = (task: TaskRow): TaskEntry => ({
    ...base,
    task: task.id,
    who: person(task.decided_by ?? task.member_id),
    actingFor: task.decided_by && task.decided_by !== task.member_id ? person(task.member_id) : null,
    role: roleOf(task),
    action: actionOf(task),
    ask: asks[task.kind],
    at: task.state === 'queued' ? null : isOpen(task) ? task.created_at : task.decided_at,
    comment: commentIn(task, language),
    question: questionIn(task, definition, language),
    node: task.kind === 'resubmit' ? words.start : nameOf(task.node),
    to:
      task.state === 'transferred'
        ? person(tasks.find((other) => other.taken_from === task.id)?.member_id ?? null)
        : null,
    auto: task.auto,
    signature: task.signature,
    attachments: (task.attachments ?? []).flatMap((id) => story.files.get(id) ?? []),
    undone: task.undone && task.state !== 'returned',
    door: task.door,
  });
  const answered = tasks.filter((task) => !isOpen(task)).map(entry);
  const stayed = story.steps.flatMap((step) =>
    (step.stayed ?? []).map(({ task, at }) => ({
      ...base,
      who: person(tasks.find((other) => other.id === task)?.member_id ?? null),
      action: 'stayed' as const,
      at,
      node: nameOf(step.node),
    })),
  );
  const happened: TaskEntry[] = [
    ...answered,
    ...stayed,
    ...(run.unlocked
      ? [
          {
            ...base,
            who: person(run.unlocked.by),
            action: 'unlocked' as const,
            at: run.unlocked.at,
            comment: run.unlocked.reason,
            node: words.unlocked,
          },
        ]
      : []),
  ].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0));
  const open = (...states: TaskRow['state'][]) => tasks.filter((task) => states.includes(task.state)).map(entry);
  return [
    { ...byStarter, action: 'started', at: run.started_at },
    ...happened,
    ...open('pending'),
    ...open('held'),
    ...tasks
      .filter((task) => task.state === 'queued')
      .sort((a, b) => a.position - b.position)
      .map(entry),
    ...(run.withdrawal === null
      ? []
      : [{ ...byStarter, action: 'withdrawn' as const, at: run.finished_at, comment: run.withdrawal || null }]),
  ];
}

function roleOf(task: TaskRow): TaskEntry['role'] {
  if (task.kind === 'advise') return 'adviser';
  if (task.kind === 'before' || task.kind === 'after') return task.kind;
  if (task.kind === 'fill') return 'approver';
  if (task.kind !== 'approve') return 'starter';
  return task.added_by ? 'beside' : 'approver';
}

function actionOf(task: TaskRow): TaskEntry['action'] {
  if (task.state === 'pending') return 'waiting';
  if (task.state === 'done') return asked[task.kind] ?? 'closed';
  return task.state;
}

/** The progress picture: what has been passed, where it stands, and what is still to come as far as that is certain. */
export function stagesOf(story: Story, org: Org, language: Language): TaskStage[] {
  const words = partWords[language];
  const { run, tasks, definition, steps } = story;
  const shown = new Map(definition.nodes.map((node) => [node.id, node]));
  const start: TaskStage = {
    node: 'trigger',
    name: words.start,
    kind: 'start',
    state: tasks.some((task) => task.kind === 'resubmit' && task.state === 'pending') ? 'current' : 'done',
    people: run.starter_id
      ? [{ who: { id: run.starter_id, label: org.nameOf(run.starter_id) }, state: 'done', at: run.started_at }]
      : [],
  };
  const stages = [start];
  const seen = new Set<string>();
  const over = run.state === 'done' || run.state === 'failed' || run.state === 'cancelled';
  for (const step of steps) {
    const node = shown.get(step.node);
    if (!node || step.undone || !isStage(node)) continue;
    const people = tasks.filter(
      (task) => task.node === node.id && !task.undone && (hasVoice(task) || task.kind === 'fill'),
    );
    const rejected = step.outcome === 'rejected';
    const stage: TaskStage = {
      node: node.id,
      name: node.name || words[node.type],
      kind: node.type,
      state: step.state === 'waiting' ? 'current' : rejected ? 'rejected' : 'done',
      people: people
        .filter((task) => task.state !== 'closed' && task.state !== 'removed')
        .map((task) => ({
          who: { id: task.member_id, label: org.nameOf(task.member_id) },
          state: task.state,
          at: isOpen(task) ? task.created_at : task.decided_at,
        })),
    };
    if (seen.has(node.id))
      stages.splice(
        stages.findIndex((item) => item.node === node.id),
        1,
      );
    seen.add(node.id);
    stages.push(stage);
  }
  if (over) return stages;
  return [...stages, ...comingStages(definition, stages.at(-1) ?? start, seen, language)];
}

/** Nodes that follow whatever is answered; a branch is named, what lies behind it is not certain. */
function comingStages(
  definition: FlowDefinition,
  last: TaskStage,
  seen: ReadonlySet<string>,
  language: Language,
): TaskStage[] {
  const words = partWords[language];
  const coming: TaskStage[] = [];
  const open =
    last.node === 'trigger'
      ? firstNode(definition)
      : nextNode(definition, last.node, last.kind === 'approval' ? 'approved' : 'next');
  for (let at = open, steps = 0; at && steps < 50; steps++) {
    const node = definition.nodes.find((item) => item.id === at);
    if (!node || node.type === 'end') break;
    if (!seen.has(node.id) && isStage(node))
      coming.push({ node: node.id, name: node.name || words[node.type], kind: node.type, state: 'coming', people: [] });
    if (node.type === 'branch') {
      coming.push({ node: node.id, name: node.name || words.branch, kind: 'branch', state: 'coming', people: [] });
      break;
    }
    at = nextNode(definition, node.id, node.type === 'approval' ? 'approved' : 'next');
  }
  return coming;
}

type StageNode = Extract<FlowNode, { type: 'approval' | 'cc' | 'fill' }>;

/** Nodes that people have a part in. */
const isStage = (node: FlowNode): node is StageNode =>
  node.type === 'approval' || node.type === 'cc' || node.type === 'fill';

/** Parts whose node has no name of its own. */
export const partWords = {
  zh: {
    start: '发起',
    starter: '发起人',
    approval: '审批',
    cc: '抄送',
    fill: '填写',
    branch: '按条件继续',
    unlocked: '解锁',
  },
  en: {
    start: 'Start',
    starter: 'Whoever started it',
    approval: 'Approval',
    cc: 'Copy',
    fill: 'Fill in',
    branch: 'As conditions say',
    unlocked: 'Unlocked',
  },
} as const;
