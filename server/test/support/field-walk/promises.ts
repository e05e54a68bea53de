import { encryptedType } from '@lianke/shared/fields/encrypted';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { AggregateFn } from '@lianke/shared/fields/types';
import type { FilterOp } from '@lianke/shared/filter/ast';
import type { Case } from './samples.js';

/** What is promised of a type, said a second time and by other words than its descriptor's. */
export interface Promised {
  /** The column's type in PostgreSQL. */
  column: string;
  operators: readonly FilterOp[];
  aggregates: readonly AggregateFn[];
  /** Whether a list may be ordered, and a chart divided, by it. */
  sorts: boolean;
  groups: boolean;
}

const presence = ['empty', 'notEmpty'] as const;
const one = ['eq', 'ne', 'in', 'nin', ...presence] as const;
const texts = [...one, 'contains', 'startsWith'] as const;
const order = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'between', ...presence] as const;
const several = ['hasAny', 'hasAll', ...presence] as const;
const counts = ['count', 'countDistinct'] as const;
const sums = [...counts, 'sum', 'avg', 'min', 'max'] as const;

const said = (
  column: string,
  operators: readonly FilterOp[],
  aggregates: readonly AggregateFn[],
  may: '' | 'sort' | 'group' | 'sort, group',
): Promised => ({ column, operators, aggregates, sorts: may.includes('sort'), groups: may.includes('group') });

const text = said('text', texts, counts, 'sort, group');
const figure = said('numeric', [...order, 'in', 'nin'], sums, 'sort, group');
const code = said('text', texts, counts, 'sort');
const choice = said('text', one, counts, 'sort, group');
const person = said('uuid', one, counts, 'group');
const list = said('text[]', several, ['count'], 'group');
const people = said('uuid[]', several, ['count'], 'group');
const files = said('uuid[]', presence, ['count'], '');
const prose = said('text', ['contains', ...presence], ['count'], '');

const promises: Record<Case['type'], Promised> = {
  text,
  longText: prose,
  richText: prose,
  number: figure,
  money: { ...figure, groups: false },
  percent: { ...figure, aggregates: [...counts, 'avg', 'min', 'max'] },
  rating: { ...figure, aggregates: [...counts, 'avg', 'min', 'max'] },
  slider: figure,
  date: said('date', order, [...counts, 'min', 'max'], 'sort, group'),
  datetime: said('timestamp with time zone', order, ['count', 'min', 'max'], 'sort, group'),
  time: said('text', order, [...counts, 'min', 'max'], 'sort, group'),
  dateRange: said('text', [...order, 'contains'], counts, 'sort'),
  select: choice,
  multiSelect: list,
  cascader: { ...choice, operators: [...one, 'hasAny'] },
  tags: list,
  switch: said('boolean', ['eq', 'ne', ...presence], ['count'], 'sort, group'),
  phone: said('text[]', ['hasAny', 'contains', ...presence], ['count'], ''),
  email: code,
  url: code,
  idNumber: code,
  creditCode: code,
  barcode: text,
  member: person,
  department: person,
  relation: person,
  members: people,
  departments: people,
  relations: people,
  subform: files,
  attachment: files,
  image: files,
  signature: files,
  location: said('jsonb', [...presence, 'within'], ['count'], ''),
  address: said('jsonb', ['contains', ...presence, 'within'], ['count'], ''),
};

const exact: ReadonlySet<FilterOp> = new Set(['eq', 'ne', 'in', 'nin', 'hasAny', 'hasAll', ...presence]);

/** What a field promises: its type's promise, of which encryption leaves only what equality can answer. */
export function promiseOf({ type, encrypted }: Pick<Case, 'type' | 'encrypted'>): Promised {
  const promised = promises[type];
  if (!encrypted) return promised;
  return {
    ...promised,
    operators: promised.operators.filter((op) => exact.has(op)),
    aggregates: promised.aggregates.filter((fn) => fn === 'count' || fn === 'countDistinct'),
    sorts: false,
    groups: false,
  };
}

/** The same as a type's descriptor says it. */
export function describedAs({
  type,
  encrypted,
}: {
  type: FieldTypeName;
  encrypted: boolean;
}): Omit<Promised, 'column'> {
  const { operators, aggregates, sortable, groupable } = encrypted ? encryptedType(type) : fieldTypes[type];
  return { operators, aggregates, sorts: sortable, groups: groupable };
}
