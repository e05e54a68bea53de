import type { AnswerOf } from '@lianke/shared/api/contracts';
import { ago } from '../../data/time.js';
import type { FormatContext } from '../../fields/types.js';

type Detail = Pick<AnswerOf<'tasks.get'>, 'state' | 'progress'>;

/** 「陈经理 2 分钟前已同意，无需处理」 for an approval that is no longer open; '' while it is. */
export function outcomeLine(detail: Detail, { t, zone, now }: FormatContext): string {
  if (detail.state === 'pending' || detail.state === 'queued') return '';
  if (detail.state === 'transferred') return t('task.handedOver');
  const decided = [...detail.progress]
    .reverse()
    .find((entry) => entry.action === 'approved' || entry.action === 'rejected');
  if (!decided?.who || !decided.at) return t('task.closed');
  return t('task.stale', {
    who: decided.who.label,
    when: ago(t, zone, Date.parse(decided.at), now),
    outcome: t(decided.action === 'approved' ? 'outcome.approved' : 'outcome.rejected'),
  });
}
