import type { RecordPage, RecordView } from '@lianke/shared/records/query';
import { expect, it } from 'vitest';
import type { ReadField } from '../../api/queries.js';
import { daysOf } from './calendar-days.js';
import { loadSheet } from './calendar-load.js';

const start = { id: 'f_start00000', key: 'start', type: 'date' } as unknown as ReadField;
const end = { id: 'f_end0000000', key: 'end', type: 'date' } as unknown as ReadField;
const days = daysOf('2026-03');
const record = (id: number, from: string, to?: string) =>
  ({ id: String(id), label: `第 ${id} 条`, values: { start: from, end: to ?? null } }) as unknown as RecordView;

/** A server whose records begin on these days; it understands the filters of days only. */
function serverOf(records: RecordView[], asked: string[][] = []) {
  return (body: { filter?: unknown; limit: number; total: boolean; cursor?: string }): Promise<RecordPage> => {
    const [from, to] = (body.filter as { value: [string, string] }).value;
    asked.push([from, to]);
    const found = records.filter(({ values }) => String(values.start) >= from && String(values.start) <= to);
    const at = Number(body.cursor ?? 0);
    const items = found.slice(at, at + body.limit);
    const cursor = at + body.limit < found.length ? String(at + body.limit) : null;
    const total = found.length > 10_000 ? { atLeast: 10_000 } : found.length;
    return Promise.resolve({ items, cursor, ...(body.total ? { total } : {}) });
  };
}

it('reads a usual month as one list, on every day that a record lasts', async () => {
  const records = Array.from({ length: 450 }, (_, at) => record(at, days[at % 42] as string));
  const sheet = await loadSheet(serverOf(records), {}, start, undefined, days);
  expect([...sheet.values()].reduce((sum, day) => sum + day.items.length, 0)).toBe(450);
  const long = [record(1, '2026-03-03', '2026-03-05')];
  const ask = () => Promise.resolve({ items: long, cursor: null, total: 1 });
  const lasting = await loadSheet(ask, {}, start, end, days);
  expect([...lasting.keys()]).toEqual(['2026-03-03', '2026-03-04', '2026-03-05']);
});

it('shows the last days of a month with more than a thousand records (they were empty)', async () => {
  const records = days.flatMap((day, index) => Array.from({ length: 60 }, (_, at) => record(index * 60 + at, day)));
  const asked: string[][] = [];
  const sheet = await loadSheet(serverOf(records, asked), {}, start, undefined, days);
  expect([...sheet.keys()]).toEqual(days);
  expect(sheet.get('2026-03-31')).toMatchObject({ total: 60 });
  expect(sheet.get('2026-03-31')?.items).toHaveLength(20);
  expect(asked).toHaveLength(1 + days.length);
});

it('counts days of a month that has more than the server counts', async () => {
  const records = Array.from({ length: 10_500 }, (_, at) => record(at, '2026-03-09'));
  const sheet = await loadSheet(serverOf(records), {}, start, undefined, days);
  expect([...sheet.keys()]).toEqual(['2026-03-09']);
  expect(sheet.get('2026-03-09')?.total).toEqual({ atLeast: 10_000 });
});
