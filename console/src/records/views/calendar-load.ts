import type { Filter } from '@lianke/shared/filter/ast';
import type { RecordPage, RecordView, SortItem } from '@lianke/shared/records/query';
import type { ReadField } from '../../api/queries.js';
import { bothOf } from '../../shared/filter-model.js';
import { dayOf, onDays } from './calendar-days.js';

/** Records of a sheet that are read as one list; a fuller one is read day by day, so that its last days are not empty. */
const mostTogether = 1000;
const page = 200;
/** Records read of one day of a full sheet; the others are in the list behind it. */
const aDay = 20;
/** Days asked for side by side: what a browser has connections for. */
const atOnce = 6;

/** What stands on a day: the first records by their start, and how many there are. */
export interface DayRecords {
  items: readonly RecordView[];
  total: number | { atLeast: number };
}

interface DayQuery {
  filter?: Filter;
  search?: string;
  sort: SortItem[];
  limit: number;
  total: boolean;
  cursor?: string;
}

/** The day's records under the filter that the view has. */
export function dayFilter(filter: Filter | undefined, start: ReadField, end: ReadField | undefined, day: string) {
  return bothOf(filter, onDays(start, end, [day]));
}

/** Days of a sheet with their records; days without any are absent. */
export async function loadSheet(
  ask: (body: DayQuery) => Promise<RecordPage>,
  query: { filter?: Filter; search?: string },
  start: ReadField,
  end: ReadField | undefined,
  days: readonly string[],
): Promise<ReadonlyMap<string, DayRecords>> {
  const base = { ...query, sort: [{ field: start.id as string, dir: 'asc' as const }] };
  const narrowed = (filter: Filter | undefined) => ({ ...base, ...(filter ? { filter } : {}) });
  const whole = narrowed(bothOf(query.filter, onDays(start, end, days)));
  const first = await ask({ ...whole, limit: page, total: true });
  if (typeof first.total !== 'number' || first.total > mostTogether) {
    const sheet = new Map<string, DayRecords>();
    for (let at = 0; at < days.length; at += atOnce) {
      const some = days.slice(at, at + atOnce);
      const pages = await Promise.all(
        some.map((day) => ask({ ...narrowed(dayFilter(query.filter, start, end, day)), limit: aDay, total: true })),
      );
      for (const [index, { items, total }] of pages.entries())
        if (items.length > 0) sheet.set(some[index] as string, { items, total: total ?? items.length });
    }
    return sheet;
  }
  const records = [...first.items];
  for (let { cursor } = first; cursor; ) {
    const next = await ask({ ...whole, limit: page, total: false, cursor });
    records.push(...next.items);
    cursor = next.cursor;
  }
  return byDays(records, start, end, days);
}

function byDays(
  records: readonly RecordView[],
  start: ReadField,
  end: ReadField | undefined,
  days: readonly string[],
): ReadonlyMap<string, DayRecords> {
  const found = new Map<string, RecordView[]>();
  for (const record of records) {
    const from = dayOf(start, record.values[start.key]);
    if (!from) continue;
    const to = (end && dayOf(end, record.values[end.key])) ?? from;
    for (const day of days.filter((item) => item >= from && (item <= to || item === from)))
      found.set(day, [...(found.get(day) ?? []), record]);
  }
  return new Map([...found].map(([day, items]) => [day, { items, total: items.length }]));
}
