export type Entry<H, R> = { kind: 'history'; at: string; item: H } | { kind: 'run'; at: string; item: R };

/**
 * History and runs as one list, the youngest first. While older history is still unread, runs older than the oldest
 * entry shown wait for it, so that nothing appears above what is already on screen.
 */
export function mergeEntries<H extends { at: string }, R extends { startedAt: string }>(
  history: readonly H[],
  runs: readonly R[],
  moreHistory: boolean,
): Entry<H, R>[] {
  const oldest = moreHistory ? (history.at(-1)?.at ?? '') : '';
  const entries: Entry<H, R>[] = [
    ...history.map((item) => ({ kind: 'history' as const, at: item.at, item })),
    ...runs
      .filter((run) => run.startedAt >= oldest)
      .map((item) => ({ kind: 'run' as const, at: item.startedAt, item })),
  ];
  return entries.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
