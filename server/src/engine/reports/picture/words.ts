import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import type { Language } from '@lianke/shared/errors/issue-text';
import { type CompactAmount, compactAmount } from '@lianke/shared/fields/money/compact';
import type { AggregateItem } from '@lianke/shared/records/query';
import type { GroupUnit } from '@lianke/shared/time/zone';
import { yesNo } from '../../flows/value-text.js';
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

const moneyUnits: Record<Language, Record<CompactAmount['unit'], string>> = {
  zh: { yuan: '元', wan: '万元', yi: '亿元' },
  en: { yuan: 'CNY', wan: '10,000 CNY', yi: '100M CNY' },
};

/** What a picture says itself. */
export const pictureWords = {
  zh: {
    none: '没有数据',
    noMatch: '没有符合条件的数据',
    more: (n: number) => `还有 ${n} 个组件，点开看完整页面`,
    atLeast: (n: number) => `${n} 以上`,
    total: (n: string) => `共 ${n} 条`,
    target: (percent: number) => `目标完成 ${percent}%`,
    withTarget: (text: string, target: string) => `${text}（${target}）`,
    others: '其他',
    empty: '未填写',
    quarter: (year: string, n: number) => `${year} 年 ${n} 季度`,
    week: (day: string) => `${day} 起`,
  },
  en: {
    none: 'No data',
    noMatch: 'Nothing matches',
    more: (n: number) => `${n} more widgets; open the page to see all`,
    atLeast: (n: number) => `over ${n}`,
    total: (n: string) => `${n} in all`,
    target: (percent: number) => `${percent}% of target`,
    withTarget: (text: string, target: string) => `${text} (${target})`,
    others: 'Others',
    empty: 'Empty',
    quarter: (year: string, n: number) => `${year} Q${n}`,
    week: (day: string) => `from ${day}`,
  },
} as const;

/** Where a dimension leads: a field of the form, or of the form that a relation points at. */
export type FieldFinder = (form: FormMeta, path: string) => FieldMeta | undefined;

/** The marks of a chart in the order in which its kind reads: stages and periods as they follow, everything else by size. */
export function marksOf(widget: ChartWidget, data: Groups, field: FieldMeta | undefined, language: Language): Mark[] {
  const unit =
    widget.dimension.unit ?? (field?.storage === 'date' || field?.storage === 'timestamptz' ? 'month' : undefined);
  const marks = data.items.map((item) => ({
    key: keyOf(item),
    label: labelOf(item, field, unit, language),
    value: numberOf(Object.values(item.metrics)[0]),
  }));
  if (unit)
    return marks
      .filter((mark) => mark.key !== '')
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(-mostPoints);
  if (widget.type === 'funnel') return marks.slice(0, mostSlices);
  if (widget.type === 'line') return marks.slice(0, mostPoints);
  return withOthers(
    marks.sort((a, b) => b.value - a.value),
    pictureWords[language].others,
  );
}

function withOthers(marks: Mark[], label: string): Mark[] {
  if (marks.length <= mostSlices) return marks;
  const rest = marks.slice(mostSlices - 1).reduce((sum, mark) => sum + mark.value, 0);
  return [...marks.slice(0, mostSlices - 1), { label, value: rest }];
}

function keyOf({ groups: [group = null] }: AggregateItem): string {
  if (group === null) return '';
  return typeof group === 'object' ? group.id : String(group);
}

function labelOf(
  { groups: [group = null] }: AggregateItem,
  field: FieldMeta | undefined,
  unit: GroupUnit | undefined,
  language: Language,
): string {
  const words = pictureWords[language];
  if (group === null || group === '') return words.empty;
  if (typeof group === 'object') return group.label || words.empty;
  if (typeof group === 'boolean') return yesNo(group, language);
  const text = String(group);
  if (unit) return periodOf(text, unit, language);
  const { options } = (field?.config ?? {}) as { options?: { id: string; label: string }[] };
  return options?.find((option) => option.id === text)?.label ?? text;
}

/** A period by its first date: 2025-03, 2025 年 1 季度, 2025. */
function periodOf(date: string, unit: GroupUnit, language: Language): string {
  const words = pictureWords[language];
  if (unit === 'year') return date.slice(0, 4);
  if (unit === 'month') return date.slice(0, 7);
  if (unit === 'quarter') return words.quarter(date.slice(0, 4), Math.floor((Number(date.slice(5, 7)) + 2) / 3));
  return unit === 'week' ? words.week(date.slice(5, 10)) : date.slice(0, 10);
}

/** Decimals come as strings, nothing as null. */
export function numberOf(value: string | number | null | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** How a measure's numbers read: 3,979; 58 万元; 1.25 亿元, in English 580K CNY; 125M CNY. */
export function figureOf(
  value: number,
  widget: Extract<Widget, { measure: unknown }>,
  form: FormMeta,
  language: Language,
): string {
  const field = widget.measure.field ? form.field(widget.measure.field) : undefined;
  const counts = widget.measure.fn === 'count' || widget.measure.fn === 'countDistinct' || !field;
  if (counts || field.typeName !== 'money') {
    const decimals = (field?.config as { decimals?: number } | undefined)?.decimals;
    return grouped(value, counts ? 0 : (decimals ?? 2));
  }
  const { number, unit } = compactAmount(value, language);
  return `${number} ${moneyUnits[language][unit]}`;
}

function grouped(value: number, decimals: number): string {
  const text = value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: decimals });
  return text === '-0' ? '0' : text;
}
