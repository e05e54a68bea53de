import { expect, it } from 'vitest';
import { mergeEntries, type Read } from './merge-entries.js';

const history = [{ at: '2025-03-07T10:00' }, { at: '2025-03-05T10:00' }];
const runs = [{ startedAt: '2025-03-06T10:00' }, { startedAt: '2025-03-01T10:00' }];
const all = <T>(items: readonly T[]): Read<T> => ({ items, more: false });
const some = <T>(items: readonly T[]): Read<T> => ({ items, more: true });
const days = (entries: readonly { at: string }[]) => entries.map(({ at }) => at.slice(8, 10));

it('is one list by time', () => {
  expect(days(mergeEntries({ history: all(history), runs: all(runs) }))).toEqual(['07', '06', '05', '01']);
});

it('holds back what is older than what was read so far of any kind', () => {
  expect(days(mergeEntries({ history: some(history), runs: all(runs) }))).toEqual(['07', '06', '05']);
  expect(days(mergeEntries({ history: all(history), runs: some(runs.slice(0, 1)) }))).toEqual(['07', '06']);
  const comments = some([{ at: '2025-03-06T12:00' }]);
  expect(days(mergeEntries({ history: all(history), runs: all(runs), comments }))).toEqual(['07', '06']);
});

it('puts comments among what happened', () => {
  const comments = all([{ at: '2025-03-08T10:00' }, { at: '2025-03-02T10:00' }]);
  const kinds = (changes: Read<{ at: string }>) =>
    mergeEntries({ history: changes, runs: all(runs), comments }).map((entry) => entry.kind);
  expect(kinds(all(history))).toEqual(['comment', 'history', 'run', 'history', 'comment', 'run']);
  expect(kinds(some(history))).toEqual(['comment', 'history', 'run', 'history']);
});
