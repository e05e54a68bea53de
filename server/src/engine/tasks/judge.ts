import type { FlowNode } from '@lianke/shared/flows/definition';
import type { TaskState } from './task-view.js';

/** How a node's answers count: the part of an approval node that decides. */
export type ApprovalPolicy = Pick<Extract<FlowNode, { type: 'approval' }>, 'mode' | 'refuse' | 'atLeast'>;

/**
 * An approval node's result once no further answer can change it, else undefined. Tasks handed to somebody else or
 * closed have no voice. A wanted count above the number of approvers asks for all of them.
 */
export function judge(
  policy: ApprovalPolicy,
  tasks: readonly { state: TaskState }[],
): 'approved' | 'rejected' | undefined {
  const count = (...states: TaskState[]) => tasks.filter((task) => states.includes(task.state)).length;
  const approved = count('approved');
  const rejected = count('rejected');
  const open = count('pending', 'queued');
  const voices = approved + rejected + open;
  if (voices === 0) return undefined;
  switch (policy.mode) {
    case 'any':
      // Of several answers only the first could be given; a refusal stands before anything that slipped in.
      if (rejected > 0) return 'rejected';
      return approved > 0 ? 'approved' : undefined;
    case 'all':
      if (rejected > 0 && (policy.refuse !== 'afterAll' || open === 0)) return 'rejected';
      return approved === voices ? 'approved' : undefined;
    case 'sequential':
      if (rejected > 0) return 'rejected';
      return approved === voices ? 'approved' : undefined;
    case 'ratio': {
      const wanted = wantedOf(policy, voices);
      if (approved >= wanted) return 'approved';
      return approved + open < wanted ? 'rejected' : undefined;
    }
  }
}

/** How many of the voices a ratio asks for; a share is rounded up. Without a threshold everybody is asked for. */
function wantedOf(policy: ApprovalPolicy, voices: number): number {
  if (!policy.atLeast) return voices;
  const { unit, value } = policy.atLeast;
  return unit === 'count' ? Math.min(value, voices) : Math.ceil((voices * value) / 100);
}
