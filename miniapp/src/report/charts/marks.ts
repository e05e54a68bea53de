import { groupThousands } from '@lianke/shared/fields/number/numeral';
import type { Filter } from '@lianke/shared/filter/ast';
import type { AggregateItem } from '@lianke/shared/records/query';
import type { FormView, ReadField } from '../../data/record-types.js';
import { figureParts } from '../../fields/decimal.js';
import { optionOf } from '../../fields/plain-values.js';
import type { Translate } from '../../i18n/index.js';
import { isDark } from '../../platform/theme.js';

/** One mark of a chart: its words, its number, and the filter of the records behind it. */
export interface Mark {
  key: string;
  label: string;
  value: number;
  text: string;
  drill: Filter | undefined;
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** The same eight colours in the same order in every chart. */
export const palette = ['#2b7de9', '#12a594', '#f5a623', '#7c5cdb', '#e5606a', '#4caf6d', '#d977b8', '#8b95a5'];

/** Of axes, which lie on the card. */
export const axisColour = (): string => (isDark() ? '#2c3036' : '#e8eaed');

export function colorOf(index: number): string {
  return palette[index % palette.length] ?? '#8b95a5';
}

function periodLabel(date: string, unit: Unit, t: Translate): string {
  const [year = '', month = ''] = date.split('-');
  if (unit === 'year') return year;
  if (unit === 'quarter') return `${year} Q${Math.ceil(Number(month) / 3)}`;
  if (unit === 'month') return `${year}-${month}`;
  return unit === 'week' ? t('dashboard.week', { date: date.slice(5) }) : date.slice(5);
}

function groupLabel(
  group: AggregateItem['groups'][number] | undefined,
  field: ReadField | undefined,
  unit: Unit | undefined,
  t: Translate,
): string {
  if (group === null || group === undefined || group === '') return t('dashboard.blank');
  if (typeof group === 'object') return group.label || t('dashboard.blank');
  if (typeof group === 'boolean') return t(group ? 'dashboard.yes' : 'dashboard.no');
  if (unit && typeof group === 'string') return periodLabel(group, unit, t);
  if (field && (field.type === 'select' || field.type === 'multiSelect'))
    return optionOf(field, String(group))?.label ?? String(group);
  return String(group);
}

/** A measured number as people read it: large amounts shortened, counts with separators. */
export function numberText(value: number | string | null, money: boolean, t: Translate): string {
  const text = String(value ?? 0);
  if (money) return t('money.amount', figureParts(text, t));
  const rounded = Number(text);
  return groupThousands(Number.isInteger(rounded) ? text.replace(/\.0*$/, '') : rounded.toFixed(2));
}

/** The marks of a chart in the order that the server gave them. */
export function marksOf(
  items: readonly AggregateItem[],
  drill: readonly Filter[],
  options: { form: FormView | undefined; dimension: string; unit?: Unit; money: boolean; t: Translate },
): Mark[] {
  const { form, dimension, unit, money, t } = options;
  const field = form?.fields.find((item) => item.id === dimension || item.key === dimension);
  return items.map((item, index) => {
    const measured = Object.values(item.metrics)[0] ?? 0;
    return {
      key: String(index),
      label: groupLabel(item.groups[0], field, unit, t),
      value: Number(measured),
      text: numberText(measured, money, t),
      drill: drill[index],
    };
  });
}

export function sortedMarks(marks: readonly Mark[]): Mark[] {
  return [...marks].sort((a, b) => b.value - a.value);
}

/** At most eight slices: the smallest become 其他, which opens all of their records. */
export function slicesOf(marks: readonly Mark[], money: boolean, t: Translate): Mark[] {
  const sorted = sortedMarks(marks.filter((mark) => mark.value > 0));
  if (sorted.length <= 8) return sorted;
  const rest = sorted.slice(7);
  const value = rest.reduce((sum, mark) => sum + mark.value, 0);
  const drills = rest.map((mark) => mark.drill).filter((filter): filter is Filter => filter !== undefined);
  const others: Mark = {
    key: 'others',
    label: t('dashboard.others'),
    value,
    text: numberText(value, money, t),
    drill: drills.length === rest.length ? { or: drills } : undefined,
  };
  return [...sorted.slice(0, 7), others];
}

/** What a line of a ring’s legend has beside the ring on the narrowest phone, without its dot and share. */
const room = 104;

/** About how wide words of 14 px are. */
function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (char.charCodeAt(0) < 0x2e80 ? 8 : 14), 0);
}

/** Whether words and figures stand beside the ring in full; a name cut to one letter says nothing. */
export function fitsBeside(marks: readonly Pick<Mark, 'label' | 'text'>[]): boolean {
  const named = (label: string) => Math.min(widthOf(label), 4 * 14);
  return marks.every(({ label, text }) => named(label) + widthOf(text) <= room);
}
