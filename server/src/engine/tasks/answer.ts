import type { FileId } from '@lianke/shared/ids';
import type { Org } from '../org/org-directory.js';
import type { HeldTask } from './held-task.js';

/** What the starter says to a question or a return. */
export interface Answer {
  comment?: string | undefined;
  attachments?: readonly FileId[] | undefined;
}

/** Who acts, and for whom when that is somebody else: 「乙（代甲）」. */
export function nameOfActor(held: Pick<HeldTask, 'me' | 'task'>, org: Org): string {
  const mine = org.nameOf(held.me);
  return held.me === held.task.member_id ? mine : `${mine}（代${org.nameOf(held.task.member_id)}）`;
}
