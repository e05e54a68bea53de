import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { type FieldTypeName, fieldTypes } from '../fields/registry.js';
import { type Filter, relativeValue } from '../filter/ast.js';
import { uuidOf } from '../ids.js';

export const pageFilterTypes = ['date', 'department', 'member'] as const;
export type PageFilterType = (typeof pageFilterTypes)[number];

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'day' satisfies ShapeText);
const dates = z.union([relativeValue, z.strictObject({ from: day.optional(), to: day.optional() })]);
const people = z.array(z.uuid()).max(100);
export const pageFilterValue = z.union([dates, people]);
export type PageFilterValue = z.infer<typeof pageFilterValue>;
/** What a reader chose in the filter bar, by the filter's id. */
export const pageFilterValues = z.record(z.string().max(40), pageFilterValue);
export type PageFilterValues = z.infer<typeof pageFilterValues>;

/** One control of a page's filter bar: 时间, 部门 or 负责人, over every component that has its field. */
export const pageFilter = z.object({
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, 'word_40' satisfies ShapeText),
  type: z.enum(pageFilterTypes),
  title: z.string().max(20).default(''),
  /** Field by form, `null` leaves a form's components out. A form that is not named goes by {@link usualField}. */
  fields: z.record(uuidOf<'form'>(), z.string().max(200).nullable()).default({}),
  /** What the page opens with. */
  initial: pageFilterValue.optional(),
});
export type PageFilter = z.infer<typeof pageFilter>;

/** The system field that a filter is about where its form does not name another. */
export const usualField: Record<PageFilterType, string> = {
  date: 'createdAt',
  department: 'department',
  member: 'owner',
};

/** The bar of a page whose designer has not said otherwise. */
export const usualFilters: readonly PageFilter[] = pageFilterTypes.map((type) => ({
  id: type,
  type,
  title: '',
  fields: {},
}));

/** Whether a field can stand behind a filter of this type. */
export function suitsFilter(type: PageFilterType, field: FieldTypeName): boolean {
  const { storage, refers } = fieldTypes[field];
  if (type === 'date') return storage === 'date' || storage === 'timestamptz';
  return refers === type && storage === 'uuid';
}

/** Values that the page opens with. */
export function initialValues(filters: readonly PageFilter[]): PageFilterValues {
  return Object.fromEntries(filters.flatMap(({ id, initial }) => (initial ? [[id, initial]] : [])));
}

/**
 * What the bar asks of the records of a form, each chosen filter as one condition. `below` answers a department with
 * those under it.
 */
export function pageConditions(
  filters: readonly PageFilter[],
  values: PageFilterValues,
  formId: string,
  below: (departmentId: string) => readonly string[],
): Filter[] {
  return filters.flatMap((item): Filter[] => {
    const value = values[item.id];
    const named = (item.fields as Record<string, string | null>)[formId];
    const field = named === undefined ? usualField[item.type] : named;
    if (value === undefined || field === null) return [];
    if (Array.isArray(value)) {
      if (item.type === 'date' || value.length === 0) return [];
      const ids = item.type === 'department' ? value.flatMap((id) => [id, ...below(id)]) : value;
      return [{ field, op: 'in', value: [...new Set(ids)] }];
    }
    if (item.type !== 'date') return [];
    if ('rel' in value) return [{ field, op: 'eq', value }];
    const { from, to } = value;
    if (from && to) return [{ field, op: 'between', value: [from, to] }];
    if (from) return [{ field, op: 'gte', value: from }];
    return to ? [{ field, op: 'lte', value: to }] : [];
  });
}
