export type Entry<H, R, C> =
  | { kind: 'history'; at: string; item: H }
  | { kind: 'run'; at: string; item: R }
  | { kind: 'comment'; at: string; item: C };

/**
 * History, runs and comments as one list, the youngest first. While older history is still unread, what is older than
 * the oldest entry shown waits for it, so that nothing appears above what is already on screen.
 */
export function mergeEntries<
  H extends { at: string },
  R extends { startedAt: string },
  C extends { at: string } = { at: string },
>(history: readonly H[], runs: readonly R[], moreHistory: boolean, comments: readonly C[] = []): Entry<H, R, C>[] {
  const oldest = moreHistory ? (history.at(-1)?.at ?? '') : '';
  const entries: Entry<H, R, C>[] = [
    ...history.map((item) => ({ kind: 'history' as const, at: item.at, item })),
    ...runs
      .filter((run) => run.startedAt >= oldest)
      .map((item) => ({ kind: 'run' as const, at: item.startedAt, item })),
    ...comments
      .filter((comment) => comment.at >= oldest)
      .map((item) => ({ kind: 'comment' as const, at: item.at, item })),
  ];
  return entries.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
