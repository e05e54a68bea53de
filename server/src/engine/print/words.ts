import type { Language } from '@lianke/shared/errors/issue-text';
import type { TaskEntry } from '@lianke/shared/tasks/api';

/** What papers say themselves, around names and what people typed. */
interface PrintWords {
  printed(who: string, at: string): string;
  /** Before, between and after the number of the page and how many there are. */
  page: readonly [string, string, string];
  started(who: string, at: string): string;
  changedAfter: string;
  number: string;
  total: string;
  /** Between several of a list. */
  pause: string;
  signed: string;
  approvals: string;
  approvalsOf(title: string): string;
  /** Above the answers of an approval. */
  columns: readonly [string, string, string, string, string];
  system: string;
  instead(name: string): string;
  to(name: string): string;
  undone: string;
  results: Record<TaskEntry['action'], string>;
  /** Of who was asked for advice: he decides nothing. */
  advice: Partial<Record<TaskEntry['action'], string>>;
  automatic: Record<NonNullable<TaskEntry['auto']>, string>;
}

const zh: PrintWords = {
  printed: (who, at) => `${who} 打印于 ${at}`,
  page: ['第 ', ' 页 共 ', ' 页'],
  started: (who, at) => `${who} ${at} 发起`.trim(),
  changedAfter: '审批之后数据又有改动，以下是改动前后共同的审批记录',
  number: '序号',
  total: '合计',
  pause: '、',
  signed: '已签名',
  approvals: '审批记录',
  approvalsOf: (title) => `审批记录：${title}`,
  columns: ['步骤', '审批人', '结果', '时间', '意见'],
  system: '系统',
  instead: (name) => `（代 ${name}）`,
  to: (name) => `给 ${name}`,
  undone: '（已作废）',
  results: {
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
  },
  advice: { approved: '建议同意', rejected: '建议拒绝' },
  automatic: { samePerson: '（自动：此前已同意）', starter: '（自动：发起人）', timeout: '（自动：超时）' },
};

const en: PrintWords = {
  printed: (who, at) => `Printed by ${who} on ${at}`,
  page: ['Page ', ' of ', ''],
  started: (who, at) => (who === '' ? `Started on ${at}` : `Started by ${who} on ${at}`),
  changedAfter: 'The record was changed after the approval; what follows was answered before and after',
  number: 'No.',
  total: 'Total',
  pause: ', ',
  signed: 'Signed',
  approvals: 'Approval record',
  approvalsOf: (title) => `Approval record: ${title}`,
  columns: ['Step', 'By', 'Result', 'Time', 'Comment'],
  system: 'System',
  instead: (name) => ` (for ${name})`,
  to: (name) => ` to ${name}`,
  undone: ' (void)',
  results: {
    started: 'Started',
    waiting: 'Waiting',
    queued: 'Waiting',
    held: 'On hold',
    approved: 'Approved',
    rejected: 'Refused',
    transferred: 'Handed over',
    returned: 'Sent back',
    removed: 'Taken out',
    closed: 'Not needed',
    withdrawn: 'Withdrawn',
    chose: 'Chose the approvers',
    resubmitted: 'Submitted again',
    informed: 'Answered',
    filled: 'Filled in',
    unlocked: 'Unlocked',
    stayed: 'Overdue, no manager to pass it to',
  },
  advice: { approved: 'Advised to approve', rejected: 'Advised to refuse' },
  automatic: {
    samePerson: ' (automatic: had agreed before)',
    starter: ' (automatic: started it)',
    timeout: ' (automatic: time was up)',
  },
};

export const printWords: Readonly<Record<Language, PrintWords>> = { zh, en };
