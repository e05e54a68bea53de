import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import type { AggregateItem } from '@lianke/shared/records/query';
import type { GroupUnit } from '@lianke/shared/time/zone';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';

export type ChartWidget = Extract<Widget, { dimension: unknown }>;
type Groups = Extract<WidgetData, { kind: 'groups' }>;

export interface Mark {
  label: string;
  value: number;
}

/** At most so many slices of a pie and bars of a chart; the last holds the rest. */
export const mostSlices = 8;
const mostPoints = 36;
const wan = 10_000;
const yi = 100_000_000;

/** Where a dimension leads: a field of the form, or of the form that a relation points at. */
export type FieldFinder = (form: FormMeta, path: string) => FieldMeta | undefined;

/** The marks of a chart in the order in which its kind reads: stages and periods as they follow, everything else by size. */
export function marksOf(widget: ChartWidget, data: Groups, field: FieldMeta | undefined): Mark[] {
  const unit =
    widget.dimension.unit ?? (field?.storage === 'date' || field?.storage === 'timestamptz' ? 'month' : undefined);
  const marks = data.items.map((item) => ({
    key: keyOf(item),
    label: labelOf(item, field, unit),
    value: numberOf(Object.values(item.metrics)[0]),
  }));
  if (unit)
    return marks
      .filter((mark) => mark.key !== '')
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(-mostPoints);
  if (widget.type === 'funnel') return marks.slice(0, mostSlices);
  if (widget.type === 'line') return marks.slice(0, mostPoints);
  return withOthers(marks.sort((a, b) => b.value - a.value));
}

function withOthers(marks: Mark[]): Mark[] {
  if (marks.length <= mostSlices) return marks;
  const rest = marks.slice(mostSlices - 1).reduce((sum, mark) => sum + mark.value, 0);
  return [...marks.slice(0, mostSlices - 1), { label: '其他', value: rest }];
}

function keyOf({ groups: [group = null] }: AggregateItem): string {
  if (group === null) return '';
  return typeof group === 'object' ? group.id : String(group);
}

function labelOf(
  { groups: [group = null] }: AggregateItem,
  field: FieldMeta | undefined,
  unit: GroupUnit | undefined,
): string {
  if (group === null || group === '') return '未填写';
  if (typeof group === 'object') return group.label || '未填写';
  if (typeof group === 'boolean') return group ? '是' : '否';
  const text = String(group);
  if (unit) return periodOf(text, unit);
  const { options } = (field?.config ?? {}) as { options?: { id: string; label: string }[] };
  return options?.find((option) => option.id === text)?.label ?? text;
}

/** A period by its first date: 2025-03, 2025 年 1 季度, 2025. */
function periodOf(date: string, unit: GroupUnit): string {
  if (unit === 'year') return date.slice(0, 4);
  if (unit === 'month') return date.slice(0, 7);
  if (unit === 'quarter') return `${date.slice(0, 4)} 年 ${Math.floor((Number(date.slice(5, 7)) + 2) / 3)} 季度`;
  return unit === 'week' ? `${date.slice(5, 10)} 起` : date.slice(0, 10);
}

/** Decimals come as strings, nothing as null. */
export function numberOf(value: string | number | null | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** How a measure's numbers read: 3,979; 58 万元; 1.25 亿元. */
export function figureOf(value: number, widget: Extract<Widget, { measure: unknown }>, form: FormMeta): string {
  const field = widget.measure.field ? form.field(widget.measure.field) : undefined;
  const counts = widget.measure.fn === 'count' || widget.measure.fn === 'countDistinct' || !field;
  if (counts || field.typeName !== 'money') {
    const decimals = (field?.config as { decimals?: number } | undefined)?.decimals;
    return grouped(value, counts ? 0 : (decimals ?? 2));
  }
  const size = Math.abs(value);
  if (size >= yi) return `${grouped(value / yi, 2)} 亿元`;
  return size >= wan ? `${grouped(value / wan, 2)} 万元` : `${grouped(value, 2)} 元`;
}

function grouped(value: number, decimals: number): string {
  const text = value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: decimals });
  return text === '-0' ? '0' : text;
}
