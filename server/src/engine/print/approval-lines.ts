import type { Language } from '@lianke/shared/errors/issue-text';
import type { TaskDetail, TaskEntry } from '@lianke/shared/tasks/api';
import { printWords } from './words.js';

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

const left = new Set<TaskEntry['action']>(['waiting', 'queued', 'held', 'closed']);

/** Who answered what when, as it goes on paper; what nobody answered yet is left out. */
export function approvalLines(
  task: Pick<TaskDetail, 'progress'>,
  { timeZone, language }: { timeZone: string; language: Language },
): ApprovalLine[] {
  const words = printWords[language];
  const resultOf = ({ action, role, to, auto, undone }: TaskEntry): string =>
    [
      (role === 'adviser' ? words.advice[action] : undefined) ?? words.results[action],
      to ? words.to(to.label) : '',
      auto ? words.automatic[auto] : '',
      undone ? words.undone : '',
    ].join('');
  return task.progress
    .filter(({ action }) => !left.has(action))
    .map((entry) => ({
      node: entry.node,
      who: `${entry.who?.label ?? words.system}${entry.actingFor ? words.instead(entry.actingFor.label) : ''}`,
      result: resultOf(entry),
      at: entry.at ? timeText(entry.at, timeZone) : '',
      comment: [entry.question, entry.comment].filter(Boolean).join('\n'),
      signature: entry.signature,
    }));
}

export function timeText(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).format(new Date(instant));
}
