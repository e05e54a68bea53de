import { useMemo } from 'react';
import type { ReadField } from '../../../api/queries.js';
import { bothOf, fieldOf } from '../../../shared/filter-model.js';
import type { GridItem } from '../../grid/items.js';
import { useGroups } from '../../group/use-groups.js';
import type { Grid } from '../../use-grid.js';
import { listFields, useRecords } from '../../use-records.js';
import { type DateFields, spanFilter } from './gantt-dates.js';
import type { Span } from './gantt-days.js';

/** Bars read at most; more are told. */
export const mostBars = 5000;

/** The fields of a Gantt view, as far as the reader sees them. */
export interface GanttFields extends DateFields {
  color: ReadField | undefined;
  lane: ReadField | undefined;
  progress: ReadField | undefined;
}

/** The fields a Gantt view names; undefined when the one it begins with is gone. */
export function ganttFields({ view, form }: Grid): GanttFields | undefined {
  const of = (ref: string | undefined) => (ref === undefined ? undefined : fieldOf(form.fields, ref));
  const look = view?.look ?? {};
  const start = of(look.start);
  if (!start) return undefined;
  const end = start.type === 'dateRange' ? undefined : of(look.end);
  return { start, end, color: of(look.color), lane: of(look.lane), progress: of(look.progress) };
}

/** The grid of what lies on a sheet: the same view with the sheet's days as one more condition, in order of start. */
function onSheet(grid: Grid, fields: GanttFields, sheet: Span): Grid {
  const { start, end, color, lane, progress } = fields;
  const filter = bothOf(grid.query.filter, spanFilter(fields, sheet));
  const shown = new Set(grid.columns.map((column) => column.field.key));
  const more = [start, end, color, lane, progress].filter((field): field is ReadField => field !== undefined);
  return {
    ...grid,
    query: { ...grid.query, ...(filter ? { filter } : {}) },
    sort: grid.sort.length > 0 ? grid.sort : [{ field: start.id as string, dir: 'asc' }],
    groups: lane ? [{ field: lane.id as string, dir: 'asc' }] : [],
    columns: [
      ...grid.columns,
      ...more
        .filter((field) => !shown.has(field.key))
        .map((field) => ({ field, width: 0, title: false, pinned: false })),
    ],
    deleted: false,
  };
}

export interface GanttRows {
  items: readonly GridItem[];
  /** Records on the sheet; undefined while they are counted. */
  total: ReturnType<typeof useRecords>['total'];
  loading: boolean;
  stale: boolean;
  error: unknown;
  /** Not all of them are read. */
  cut: boolean;
  more: (key?: string) => void;
  toggle: (key: string) => void;
  retry: () => void;
  /** Reads again what of a group could not be read. */
  again: (key: string) => void;
}

/** The rows of a sheet, read page by page under the reader's rights: bars, or heads of groups with their bars. */
export function useGanttRows(grid: Grid, fields: GanttFields, sheet: Span): GanttRows {
  const inner = useMemo(() => onSheet(grid, fields, sheet), [grid, fields, sheet]);
  const names = useMemo(() => listFields({ columns: inner.columns, form: inner.form }), [inner.columns, inner.form]);
  const grouped = fields.lane !== undefined;
  const records = useRecords(inner, !grouped);
  const groups = useGroups(inner, names, grouped);
  const items = useMemo((): readonly GridItem[] => {
    if (groups.rows) return groups.rows;
    const rows: GridItem[] = records.items.map((record) => ({ kind: 'record', record }));
    if (records.hasMore && records.items.length < mostBars) rows.push({ kind: 'wait', key: '' });
    return rows;
  }, [groups.rows, records.items, records.hasMore]);
  const counted = groups.rows?.reduce((sum, row) => sum + (row.kind === 'group' ? row.count : 0), 0);
  return {
    items,
    total: grouped ? counted : records.total,
    loading: grouped ? groups.loading : records.loading,
    stale: !grouped && records.stale,
    error: grouped ? groups.error : records.error,
    cut: grouped ? groups.cut : records.hasMore && records.items.length >= mostBars,
    more: (key = '') => (grouped ? groups.more(key) : records.loadMore()),
    toggle: groups.toggle,
    retry: grouped ? groups.reload : records.retry,
    again: groups.retry,
  };
}
