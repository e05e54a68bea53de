import type { WidgetData } from '@lianke/shared/dashboards/definition';
import type { OptionColor } from '@lianke/shared/fields/select/schema';
import type { Filter } from '@lianke/shared/filter/ast';
import type { AggregateItem } from '@lianke/shared/records/query';
import type { GroupUnit } from '@lianke/shared/time/zone';
import { optionOf, optionsOf } from '../../fields/options.js';
import type { FieldLike } from '../../fields/renderer.js';
import { toNumber } from './figures.js';
import type { ChartWidget } from './widgets.js';

/** One mark of a chart. */
export interface ChartRow {
  key: string;
  label: string;
  value: number;
  /** The option's own tint, where the options are told apart by colour. */
  color?: OptionColor;
  /** Opens the rows behind the mark; undefined: nothing stands behind it. */
  drill?: Filter;
}

export interface RowWords {
  blank: string;
  others: string;
  yes: string;
  no: string;
  quarter(year: string, quarter: number): string;
  week(date: string): string;
}

type Groups = Extract<WidgetData, { kind: 'groups' }>;

/** At most this many slices, the last of which holds the rest. */
export const mostSlices = 8;

/** The marks of a chart, labelled, coloured and ordered as its kind asks. */
export function chartRows(
  widget: ChartWidget,
  data: Groups,
  field: FieldLike | undefined,
  words: RowWords,
): ChartRow[] {
  const { unit } = widget.dimension;
  const tinted = field !== undefined && tellsByColor(field);
  const rows = data.items.map((item, index): ChartRow => {
    const group = item.groups[0] ?? null;
    const key = keyOf(group);
    const row: ChartRow = { key, label: labelOf(group, field, unit, words), value: measureOf(item) };
    const drill = data.drill[index];
    if (drill) row.drill = drill;
    if (tinted && typeof group === 'string') row.color = optionOf(field, group).color;
    return row;
  });
  if (unit !== undefined) {
    const sorted = rows.filter((row) => row.key !== '').sort((a, b) => (a.key < b.key ? -1 : 1));
    return widget.type === 'line' && fillable(widget) ? withoutGaps(sorted, unit, words) : sorted;
  }
  if (widget.type === 'funnel' || widget.type === 'line') return inOptionOrder(rows, field);
  const sorted = rows.sort((a, b) => b.value - a.value);
  return widget.type === 'pie' ? withOthers(sorted, words.others) : sorted;
}

function keyOf(group: AggregateItem['groups'][number]): string {
  if (group === null) return '';
  return typeof group === 'object' ? group.id : String(group);
}

function measureOf(item: AggregateItem): number {
  return toNumber(Object.values(item.metrics)[0]);
}

function labelOf(
  group: AggregateItem['groups'][number],
  field: FieldLike | undefined,
  unit: GroupUnit | undefined,
  words: RowWords,
): string {
  if (group === null || group === '') return words.blank;
  if (typeof group === 'object') return group.label || words.blank;
  if (typeof group === 'boolean') return group ? words.yes : words.no;
  const text = String(group);
  if (unit) return periodLabel(text, unit, words);
  return field && optionsOf(field).length > 0 ? optionOf(field, text).label : text;
}

/** A period by its first date: 2025-03, 2025 年第 1 季度, 2025. */
export function periodLabel(date: string, unit: GroupUnit, words: Pick<RowWords, 'quarter' | 'week'>): string {
  if (unit === 'year') return date.slice(0, 4);
  if (unit === 'month') return date.slice(0, 7);
  if (unit === 'quarter') return words.quarter(date.slice(0, 4), Math.floor((Number(date.slice(5, 7)) + 2) / 3));
  return unit === 'week' ? words.week(date.slice(0, 10)) : date.slice(0, 10);
}

/** Options that were given different colours are told apart by them; all-grey ones are not. */
function tellsByColor(field: FieldLike): boolean {
  const colors = new Set(optionsOf(field).map((option) => option.color ?? 'gray'));
  return colors.size > 1;
}

function inOptionOrder(rows: ChartRow[], field: FieldLike | undefined): ChartRow[] {
  const order = new Map((field ? optionsOf(field) : []).map((option, index) => [option.id, index]));
  if (order.size === 0) return rows.sort((a, b) => b.value - a.value);
  const at = (row: ChartRow) => order.get(row.key) ?? order.size;
  return rows.filter((row) => row.key !== '').sort((a, b) => at(a) - at(b));
}

/** The largest slices and one that holds the rest, so that a pie stays readable. */
export function withOthers(rows: ChartRow[], label: string): ChartRow[] {
  if (rows.length <= mostSlices) return rows;
  const rest = rows.slice(mostSlices - 1);
  const drills = rest.flatMap((row) => (row.drill ? [row.drill] : []));
  const others: ChartRow = { key: '__others', label, value: rest.reduce((sum, row) => sum + row.value, 0) };
  if (drills.length === rest.length) others.drill = { or: drills };
  return [...rows.slice(0, mostSlices - 1), others];
}

/** A sum over no rows is nothing, an average over none is no point at all. */
const fillable = (widget: ChartWidget): boolean => widget.measure.fn === 'count' || widget.measure.fn === 'sum';

const mostPeriods = 400;

/** Puts a zero where a period had no rows: a line over a gap would tell of rows that are not there. */
export function withoutGaps(rows: ChartRow[], unit: GroupUnit, words: RowWords): ChartRow[] {
  const first = rows[0];
  const last = rows.at(-1);
  if (!first || !last) return rows;
  const known = new Map(rows.map((row) => [row.key.slice(0, 10), row]));
  const filled: ChartRow[] = [];
  for (let date = first.key.slice(0, 10); date <= last.key.slice(0, 10); date = nextPeriod(date, unit)) {
    filled.push(known.get(date) ?? { key: date, label: periodLabel(date, unit, words), value: 0 });
    if (filled.length > mostPeriods) return rows;
  }
  return filled;
}

function nextPeriod(date: string, unit: GroupUnit): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const step = { day: [0, 0, 1], week: [0, 0, 7], month: [0, 1, 0], quarter: [0, 3, 0], year: [1, 0, 0] }[unit];
  const next = new Date(Date.UTC(year + (step[0] ?? 0), month - 1 + (step[1] ?? 0), day + (step[2] ?? 0)));
  return next.toISOString().slice(0, 10);
}

/** The page of a form's rows behind a mark. */
export function drillPath(appId: string, formId: string, drill: Filter | undefined): string {
  const path = `/apps/${appId}/forms/${formId}`;
  return drill ? `${path}?filter=${encodeURIComponent(JSON.stringify(drill))}` : path;
}
