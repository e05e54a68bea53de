import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { TaskId } from '@lianke/shared/ids';
import type { TenantContext } from '../context.js';
import type { TaskDetailsService } from './task-details.service.js';
import type { TasksService } from './tasks.service.js';

/** What the reader sees once he has done his part: the task as it is now, and his next one. */
export async function afterMine(
  tasks: TasksService,
  details: TaskDetailsService,
  ctx: TenantContext,
  id: TaskId,
): Promise<AnswerOf<'tasks.approve'>> {
  const { next, left } = await tasks.nextApproval(ctx);
  return { task: await details.get(ctx, id), next, left };
}
