import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId } from '@lianke/shared/ids';
import { refusal } from '../../kernel/errors/app-error.js';
import type { Actor } from '../context.js';
import type { Org } from '../org/org-directory.js';

/** Who a run acts as: its rights are those of every read and write of its steps. Throws when that member is not there. */
export function actorOf(definition: FlowDefinition, starterId: MemberId | null, org: Org): Actor {
  const { runAs } = definition;
  if (!runAs) return { kind: 'system', name: 'flow' };
  const memberId = runAs.kind === 'starter' ? starterId : (runAs.id as MemberId);
  if (!memberId)
    throw refusal('wrong_state', {
      zh: '流程以发起人的身份运行，但这次运行没有发起人',
      en: 'the flow runs as whoever started it, but nobody started this run; choose another identity in the flow',
    });
  if (org.members.get(memberId)?.state !== 'active')
    throw refusal('wrong_state', {
      zh: `流程以“${org.nameOf(memberId)}”的身份运行，但他已停用`,
      en: `the flow runs as "${org.nameOf(memberId)}", whose account is no longer active; choose another member in the flow`,
    });
  return { kind: 'member', memberId };
}
