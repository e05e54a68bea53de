export type Entry<H, R, C, F> =
  | { kind: 'history'; at: string; item: H }
  | { kind: 'run'; at: string; item: R }
  | { kind: 'comment'; at: string; item: C }
  | { kind: 'followUp'; at: string; item: F };

/**
 * History, runs, comments and contacts as one list, the youngest first. While older history is still unread, what is
 * older than the oldest entry shown waits for it, so that nothing appears above what is already on screen.
 */
export function mergeEntries<
  H extends { at: string },
  R extends { startedAt: string },
  C extends { at: string } = { at: string },
  F extends { at: string } = { at: string },
>(
  history: readonly H[],
  runs: readonly R[],
  moreHistory: boolean,
  comments: readonly C[] = [],
  followUps: readonly F[] = [],
): Entry<H, R, C, F>[] {
  const oldest = moreHistory ? (history.at(-1)?.at ?? '') : '';
  const entries: Entry<H, R, C, F>[] = [
    ...history.map((item) => ({ kind: 'history' as const, at: item.at, item })),
    ...runs.map((item) => ({ kind: 'run' as const, at: item.startedAt, item })),
    ...comments.map((item) => ({ kind: 'comment' as const, at: item.at, item })),
    ...followUps.map((item) => ({ kind: 'followUp' as const, at: item.at, item })),
  ];
  return entries
    .filter((entry) => entry.kind === 'history' || entry.at >= oldest)
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
