import { shownAs } from '@lianke/shared/fields/derived';
import { shiftPoint } from '@lianke/shared/fields/number/numeral';
import type { Condition, Filter, FilterValue, RelativeValue } from '@lianke/shared/filter/ast';
import { orderedFields } from './facts.js';
import type { FormView, ReadField } from './record-types.js';

/** What is asked of each field, by field key. */
export type Conditions = Readonly<Record<string, Condition>>;

/** How a field is asked for on the phone. */
export type FilterKind = 'options' | 'people' | 'departments' | 'period' | 'number' | 'switch' | 'words';

const kinds: Partial<Record<ReadField['type'], FilterKind>> = {
  select: 'options',
  multiSelect: 'options',
  tags: 'options',
  member: 'people',
  members: 'people',
  department: 'departments',
  departments: 'departments',
  date: 'period',
  datetime: 'period',
  lastContact: 'period',
  number: 'number',
  money: 'number',
  percent: 'number',
  rating: 'number',
  slider: 'number',
  switch: 'switch',
  text: 'words',
  longText: 'words',
  phone: 'words',
  email: 'words',
  url: 'words',
  autonumber: 'words',
  barcode: 'words',
  creditCode: 'words',
  address: 'words',
};

export interface FilterField {
  /** As its values are: a derived field as its result. */
  field: ReadField;
  kind: FilterKind;
}

/** The fields that can be asked for, in the form's order; what is masked or kept encrypted cannot be compared. */
export function filterFields(form: FormView): FilterField[] {
  return orderedFields(form).flatMap((field) => {
    if (field.masked || field.encrypted) return [];
    const shown = shownAs(field);
    const kind = kinds[shown.type];
    return kind ? [{ field: shown, kind }] : [];
  });
}

/** One of these choices: those of a single choice, or any of several. */
export function oneOf(field: ReadField, values: readonly string[], me = false): Condition | undefined {
  const chosen: FilterValue = [...(me ? [{ me: true as const }] : []), ...values];
  if (chosen.length === 0) return undefined;
  const many = ['multiSelect', 'tags', 'members', 'departments'].includes(field.type);
  return { field: field.key, op: many ? 'hasAny' : 'in', value: chosen };
}

/** The ids that a condition of choices names. */
export function chosenOf(condition: Condition | undefined): { ids: string[]; me: boolean } {
  const values: unknown[] = Array.isArray(condition?.value) ? condition.value : [];
  return {
    ids: values.filter((item): item is string => typeof item === 'string'),
    me: values.some((item) => typeof item === 'object' && item !== null && 'me' in item),
  };
}

/** Periods that are asked for most, past and coming. */
export const periods: readonly RelativeValue[] = [
  { rel: 'today' },
  { rel: 'thisWeek' },
  { rel: 'thisMonth' },
  { rel: 'lastMonth' },
  { rel: 'thisQuarter' },
  { rel: 'lastNDays', n: 30 },
  { rel: 'moreThanNDaysAgo', n: 30 },
  { rel: 'nextNDays', n: 7 },
];
export const periodKey = ({ rel, n }: RelativeValue): string => (n === undefined ? rel : `${rel}:${n}`);

export function inPeriod(field: ReadField, key: string): Condition | undefined {
  const value = periods.find((item) => periodKey(item) === key);
  return value && { field: field.key, op: 'eq', value };
}

/** The period that a condition asks for, by its key; '' when it asks for something else. */
export function periodOf(condition: Condition | undefined): string {
  const value = condition?.value;
  return typeof value === 'object' && value !== null && 'rel' in value ? periodKey(value) : '';
}

const plain = /^-?\d+(\.\d+)?$/;

/**
 * From, to or both; a text that is no number asks for nothing.
 * @param places how far right of the stored point the typed one stands: 2 for per cent, -4 for 万元
 */
export function numberRange(field: ReadField, from: string, to: string, places = 0): Condition | undefined {
  const [least, most] = [from.trim(), to.trim()].map((text) => (plain.test(text) ? shiftPoint(text, -places) : ''));
  if (least && most) return { field: field.key, op: 'between', value: [least, most] };
  if (least) return { field: field.key, op: 'gte', value: least };
  return most ? { field: field.key, op: 'lte', value: most } : undefined;
}

export function rangeOf(condition: Condition | undefined, places = 0): { from: string; to: string } {
  const value = condition?.value;
  const shown = (stored: unknown) => shiftPoint(String(stored ?? ''), places);
  if (Array.isArray(value)) return { from: shown(value[0]), to: shown(value[1]) };
  const text = value === undefined || typeof value === 'object' ? '' : shown(value);
  return condition?.op === 'lte' ? { from: '', to: text } : { from: text, to: '' };
}

export function withWords(field: ReadField, text: string): Condition | undefined {
  return text.trim() === '' ? undefined : { field: field.key, op: 'contains', value: text.trim() };
}

/** What a view asks for and what was chosen, together. */
export function bothOf(view: Filter | null | undefined, chosen: Conditions): Filter | undefined {
  const all = [...(view ? [view] : []), ...Object.values(chosen)];
  return all.length > 1 ? { and: all } : all[0];
}
