import type { MemberId } from '@lianke/shared/ids';

/** How many each member was given, by member id. */
export type Given = Record<string, number>;

/**
 * Whose turn it is among those present: whoever has least for his weight, the first of equals. Who is new, or was away,
 * begins level with the others, and is not flooded with what he missed.
 */
export function nextInTurn(
  present: readonly MemberId[],
  given: Given,
  weights: Readonly<Record<string, number>>,
): { member: MemberId; given: Given } {
  const weightOf = (id: string) => Math.max(1, weights[id] ?? 1);
  const shares = present.filter((id) => given[id] !== undefined).map((id) => (given[id] ?? 0) / weightOf(id));
  // The lead of the present over one that comes back; a round apart is usual, more means that he was away.
  const level = shares.length > 0 ? Math.max(...shares) - 1 : 0;
  const now: Given = { ...given };
  for (const id of present) {
    const least = Math.max(0, Math.floor(level * weightOf(id)));
    now[id] = Math.max(now[id] ?? least, least);
  }
  const [first, ...others] = present;
  if (!first) throw new Error('nobody is present');
  let member = first;
  for (const id of others) if ((now[id] ?? 0) / weightOf(id) < (now[member] ?? 0) / weightOf(member)) member = id;
  return { member, given: { ...now, [member]: (now[member] ?? 0) + 1 } };
}
