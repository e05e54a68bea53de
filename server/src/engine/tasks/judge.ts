import type { FlowNode } from '@lianke/shared/flows/definition';
import type { TaskState } from './task-row.js';

/** How a node's answers count: the part of an approval node that decides. */
export type ApprovalPolicy = Pick<
  Extract<FlowNode, { type: 'approval' }>,
  'mode' | 'refuse' | 'atLeast' | 'collectAll' | 'addedCount' | 'oneByOne'
>;

/** One voice of a node; `added`: a signer added beside the node's own approvers. */
export interface Voice {
  state: TaskState;
  added?: boolean;
}

/**
 * An approval node's result once no further answer can change it (with `collectAll`: once everybody has answered), else
 * undefined. Tasks handed to somebody else or closed have no voice. A wanted count above the number of approvers asks for
 * all of them.
 */
export function judge(policy: ApprovalPolicy, voices: readonly Voice[]): 'approved' | 'rejected' | undefined {
  const count = (...states: TaskState[]) => voices.filter((voice) => states.includes(voice.state)).length;
  const approved = count('approved');
  const rejected = count('rejected');
  const open = count('pending', 'queued', 'held');
  if (approved + rejected + open === 0) return undefined;
  if (policy.collectAll && open > 0) return undefined;
  switch (policy.mode) {
    case 'any':
      if (policy.refuse === 'afterAll') {
        if (approved > 0) return 'approved';
        return open === 0 ? 'rejected' : undefined;
      }
      // Of several answers only the first could be given; a refusal stands before anything that slipped in.
      if (rejected > 0) return 'rejected';
      return approved > 0 ? 'approved' : undefined;
    case 'all':
    case 'sequential':
      if (rejected > 0 && (policy.refuse !== 'afterAll' || open === 0)) return 'rejected';
      return rejected + open === 0 ? 'approved' : undefined;
    case 'ratio': {
      const wanted = wantedOf(policy, voices);
      if (approved >= wanted) return 'approved';
      return approved + open < wanted ? 'rejected' : undefined;
    }
  }
}

/** How many of the voices a ratio asks for; a share is rounded up. Without a threshold everybody is asked for. */
function wantedOf(policy: ApprovalPolicy, all: readonly Voice[]): number {
  const voices = all.filter((voice) => ['approved', 'rejected', 'pending', 'queued', 'held'].includes(voice.state));
  if (!policy.atLeast) return voices.length;
  const { unit, value } = policy.atLeast;
  const added = voices.filter((voice) => voice.added).length;
  const base = policy.addedCount ? voices.length : voices.length - added;
  const wanted = unit === 'count' ? value + (policy.addedCount ? added : 0) : Math.ceil((base * value) / 100);
  return Math.max(1, Math.min(wanted, voices.length));
}
