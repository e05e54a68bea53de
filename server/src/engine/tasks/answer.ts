import type { Words } from '@lianke/shared/errors/issue-text';
import type { FileId } from '@lianke/shared/ids';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import type { Org } from '../org/org-directory.js';
import type { HeldTask } from './held-task.js';

/** What the starter says to a question or a return. */
export interface Answer {
  comment?: string | undefined;
  attachments?: readonly FileId[] | undefined;
}

/** Who acts, and for whom when that is somebody else: 「乙（代甲）」. */
export function nameOfActor(held: Pick<HeldTask, 'me' | 'task'>, org: Org): Said {
  const mine = org.nameOf(held.me);
  if (held.me === held.task.member_id) return mine;
  const other = org.nameOf(held.task.member_id);
  return { zh: `${mine}（代${other}）`, en: `${mine} for ${other}` };
}

/**
 * Who did something: 「王芳 已同意」, "Approved by 王芳". In English what was done comes first, because where buttons stood a
 * chat has room for little more.
 */
export function doneBy(who: Said, did: Words): Words {
  return { zh: `${saidIn(who, 'zh')} ${did.zh}`, en: `${did.en} by ${saidIn(who, 'en')}` };
}
