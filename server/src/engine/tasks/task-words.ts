import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { refuseReason } from '@lianke/shared/flows/refuse-reasons';
import { type Said, toldSaid } from '../../kernel/errors/said.js';
import type { TaskRow } from './task-row.js';

/** A title as tables keep it: its English stands beside it where its values read differently in the languages. */
export type Titled = Pick<TaskRow, 'title' | 'title_en'>;

export function titleOf({ title, title_en: english }: Titled): Said {
  return english === null ? title : { zh: title, en: english };
}

/** The title as a reader of the language gets it. */
export function titleIn({ title, title_en: english }: Titled, language: Language): string {
  return toldSaid(title, english, language) ?? '';
}

/** What was written or chosen with an answer, or written with taking one back. */
export function commentIn(task: Pick<TaskRow, 'comment' | 'comment_kind'>, language: Language): string | null {
  const { comment, comment_kind: kind } = task;
  if (comment === null || kind === null) return comment;
  if (kind === 'chosen') return refuseReason(comment, language) ?? comment;
  return { zh: `撤回同意：${comment}`, en: `Consent taken back: ${comment}` }[language];
}

/** What a task asks: in somebody's own words, or to choose who decides. */
export function questionIn(
  task: Pick<TaskRow, 'kind' | 'node' | 'question'>,
  definition: FlowDefinition,
  language: Language,
): string | null {
  if (task.kind !== 'choose') return task.question;
  const node = definition.nodes.find(({ id }) => id === task.node);
  return choosing(node && 'name' in node ? node.name : '')[language];
}

/** Asks the starter to choose who decides at a node. */
export function choosing(node: string | undefined): Words {
  return {
    zh: `请选择“${node || '审批'}”由谁审批`,
    en: `Choose who decides on "${node || 'the approval'}"`,
  };
}
