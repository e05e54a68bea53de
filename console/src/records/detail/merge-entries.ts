export type Entry<H, R, C, F> =
  | { kind: 'history'; at: string; item: H }
  | { kind: 'run'; at: string; item: R }
  | { kind: 'comment'; at: string; item: C }
  | { kind: 'followUp'; at: string; item: F };

/** What was read of one kind, the youngest first; `more`: older ones were not read yet. */
export interface Read<T> {
  items: readonly T[];
  more: boolean;
}

const nothing: Read<never> = { items: [], more: false };

/**
 * History, runs, comments and contacts as one list, the youngest first. While older ones of a kind are still unread, what
 * is older than its oldest entry waits for them, so that nothing appears above what is already on screen.
 */
export function mergeEntries<
  H extends { at: string },
  R extends { startedAt: string },
  C extends { at: string } = { at: string },
  F extends { at: string } = { at: string },
>(sources: { history: Read<H>; runs: Read<R>; comments?: Read<C>; followUps?: readonly F[] }): Entry<H, R, C, F>[] {
  const { history, runs, comments = nothing, followUps = [] } = sources;
  const ends = [
    history.more ? history.items.at(-1)?.at : '',
    runs.more ? runs.items.at(-1)?.startedAt : '',
    comments.more ? comments.items.at(-1)?.at : '',
  ];
  const end = ends.reduce<string>((latest, at = '') => (at > latest ? at : latest), '');
  const entries: Entry<H, R, C, F>[] = [
    ...history.items.map((item) => ({ kind: 'history' as const, at: item.at, item })),
    ...runs.items.map((item) => ({ kind: 'run' as const, at: item.startedAt, item })),
    ...comments.items.map((item) => ({ kind: 'comment' as const, at: item.at, item })),
    ...followUps.map((item) => ({ kind: 'followUp' as const, at: item.at, item })),
  ];
  return entries.filter((entry) => entry.at >= end).sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
