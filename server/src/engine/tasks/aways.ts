import type { AwayId, FlowId, MemberId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';

/** One absence: whose approvals go to whom, for these flows or for all. */
export interface Away {
  id: AwayId;
  member_id: MemberId;
  to_id: MemberId;
  flow_ids: FlowId[] | null;
  from_at: string;
  until_at: string;
}

/** Longest chain of substitutes of substitutes. */
const longest = 5;

/** Absences that hold at `now`, the latest made first. */
export function activeAways(tx: Tx, now: Date): Promise<Away[]> {
  return tx.sql<Away>(
    'SELECT id, member_id, to_id, flow_ids, from_at, until_at FROM lianke.away WHERE from_at <= $1 AND until_at > $1 ORDER BY created_at DESC, id',
    [now],
  );
}

/**
 * Who answers for a member in a flow: the end of the chain of substitutes, at most five long and never in a circle; null
 * when he is there himself.
 */
export function substituteOf(aways: readonly Away[], member: MemberId, flow: FlowId): MemberId | null {
  const seen = new Set<MemberId>([member]);
  let at = member;
  for (let step = 0; step < longest; step++) {
    const away = aways.find(
      (item) =>
        item.member_id === at && (item.flow_ids === null || item.flow_ids.includes(flow)) && !seen.has(item.to_id),
    );
    if (!away) break;
    at = away.to_id;
    seen.add(at);
  }
  return at === member ? null : at;
}

/** Members whose tasks somebody may answer in some flow; each task's flow is checked with `substituteOf`. */
export function absentees(aways: readonly Away[]): MemberId[] {
  return [...new Set(aways.map((away) => away.member_id))];
}
