import { expect, it } from 'vitest';
import { mergeEntries } from './merge-entries.js';

const history = [{ at: '2025-03-07T10:00' }, { at: '2025-03-05T10:00' }];
const runs = [{ startedAt: '2025-03-06T10:00' }, { startedAt: '2025-03-01T10:00' }];
const times = (more: boolean) => mergeEntries(history, runs, more).map((entry) => entry.at.slice(8, 10));

it('is one list by time', () => {
  expect(times(false)).toEqual(['07', '06', '05', '01']);
});

it('holds back what is older than the history read so far', () => {
  expect(times(true)).toEqual(['07', '06', '05']);
});

it('puts comments among what happened', () => {
  const comments = [{ at: '2025-03-08T10:00' }, { at: '2025-03-02T10:00' }];
  const kinds = (more: boolean) => mergeEntries(history, runs, more, comments).map((entry) => entry.kind);
  expect(kinds(false)).toEqual(['comment', 'history', 'run', 'history', 'comment', 'run']);
  expect(kinds(true)).toEqual(['comment', 'history', 'run', 'history']);
});
