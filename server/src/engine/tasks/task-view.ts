import type { Language } from '@lianke/shared/errors/issue-text';
import type { TaskItem } from '@lianke/shared/tasks/api';
import type { Org } from '../org/org-directory.js';
import { factsIn } from './facts.js';
import type { SealedTold } from './sealed-told.js';
import type { TaskKind, TaskRow } from './task-row.js';
import { titleIn } from './task-words.js';

/** What a task of each kind asks of its member. */
export const asks: Record<TaskKind, NonNullable<TaskItem['ask']>> = {
  approve: 'approve',
  before: 'approve',
  after: 'approve',
  advise: 'advise',
  choose: 'choose',
  resubmit: 'resubmit',
  inform: 'inform',
  fill: 'fill',
};

/** An approval as the list shows it; `me` is who reads. */
export function approvalItem(
  task: TaskRow,
  recordLabel: string,
  org: Org,
  more: { me: string | null; simple: boolean; due?: string | null; sealed: SealedTold; language: Language },
): TaskItem {
  return {
    id: task.id,
    kind: 'approval',
    title: titleIn(task, more.language),
    ...(more.sealed.title ? { titleSealed: true } : {}),
    facts: factsIn(task.facts, more.language).map((fact) =>
      more.sealed.labels.has(fact.label) ? { ...fact, sealed: true } : fact,
    ),
    subject: { formId: task.form_id, id: task.record_id, label: recordLabel },
    record: null,
    starter: task.starter_id ? { id: task.starter_id, label: org.nameOf(task.starter_id) } : null,
    due: more.due ?? null,
    urgency: 'today',
    createdAt: task.created_at,
    state: task.state,
    ask: asks[task.kind],
    actingFor:
      more.me !== null && task.member_id !== more.me ? { id: task.member_id, label: org.nameOf(task.member_id) } : null,
    simple: more.simple,
  };
}
