import type { TaskDetail, TaskEntry } from '@lianke/shared/tasks/api';

/** One answer of an approval, in words. */
export interface ApprovalLine {
  node: string;
  who: string;
  result: string;
  at: string;
  comment: string;
  /** The picture's id. */
  signature: string | null;
}

const results: Record<TaskEntry['action'], string> = {
  started: '发起',
  waiting: '等待处理',
  queued: '等待处理',
  held: '暂停',
  approved: '同意',
  rejected: '拒绝',
  transferred: '转交',
  returned: '退回',
  removed: '减签',
  closed: '无需处理',
  withdrawn: '撤回',
  chose: '选择了审批人',
  resubmitted: '重新提交',
  informed: '已答复',
  filled: '已填写',
  unlocked: '解锁',
  stayed: '超时，没有上级可转',
};
/** Of who was asked for advice: he decides nothing. */
const advice: Partial<typeof results> = { approved: '建议同意', rejected: '建议拒绝' };
const told = new Set<TaskEntry['action']>(['waiting', 'queued', 'held', 'closed']);
const automatic = { samePerson: '（自动：此前已同意）', starter: '（自动：发起人）', timeout: '（自动：超时）' };

/** Who answered what when, as it goes on paper; what nobody answered yet is left out. */
export function approvalLines(task: Pick<TaskDetail, 'progress'>, timeZone: string): ApprovalLine[] {
  return task.progress
    .filter(({ action }) => !told.has(action))
    .map((entry) => ({
      node: entry.node,
      who: `${entry.who?.label ?? '系统'}${entry.actingFor ? `（代 ${entry.actingFor.label}）` : ''}`,
      result: `${resultOf(entry)}${entry.to ? `给 ${entry.to.label}` : ''}${entry.auto ? automatic[entry.auto] : ''}${entry.undone ? '（已作废）' : ''}`,
      at: entry.at ? timeText(entry.at, timeZone) : '',
      comment: [entry.question, entry.comment].filter(Boolean).join('\n'),
      signature: entry.signature,
    }));
}

const resultOf = ({ action, role }: TaskEntry): string =>
  (role === 'adviser' ? advice[action] : undefined) ?? results[action];

export function timeText(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).format(new Date(instant));
}
