import type { Filter } from '@lianke/shared/filter/ast';
import type { AggregateQuery, SortItem } from '@lianke/shared/records/query';
import { z } from 'zod';
import { everyRow, type Scope } from '../../access/form-access.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { defaultSort } from '../sql/sort-sql.js';

/** What a query asks of a table, values left out: queries of one shape are served by one index. Names are field ids. */
export const indexShape = z.object({
  /** Compared with one value each, in a fixed order. */
  equal: z.array(z.string()),
  /** Narrowed to several values or a range. */
  ranges: z.array(z.string()),
  /** Lists asked for members. */
  lists: z.array(z.string()),
  sort: z.array(z.object({ field: z.string(), dir: z.enum(['asc', 'desc']) })),
  /** Grouped by, summed up, or looked at to tell whose rows they are: an index that holds them answers without the table. */
  covered: z.array(z.string()),
});
export type IndexShape = z.infer<typeof indexShape>;

/** The same text for queries that differ in values only. */
export function shapeKey(shape: IndexShape): string {
  const sort = shape.sort.map((item) => `${item.field} ${item.dir}`);
  return [shape.equal, shape.ranges, shape.lists, sort, shape.covered].map((part) => part.join(',')).join('|');
}

/** Shape of a page of records. */
export function listShape(
  form: FormMeta,
  query: { filter?: Filter | undefined; sort?: readonly SortItem[] | undefined },
  scope: Scope = everyRow,
): IndexShape {
  const narrowed = conditionsOf(form, query.filter, scope);
  const asked = query.sort && query.sort.length > 0 ? query.sort : defaultSort;
  const fields = asked.map((item) => form.field(item.field));
  // One key that no index can hold leaves the order to a sort.
  const served = fields.every((field) => field && plain(field) && field.type.sortable);
  const sort = served
    ? asked.flatMap((item, at) => (fields[at] ? [{ field: fields[at].id as string, dir: item.dir }] : []))
    : [];
  const used = new Set([...narrowed.equal, ...narrowed.ranges, ...asked.map((item) => form.field(item.field)?.id)]);
  const covered = (decidingFields(form, scope) ?? []).filter((id) => !used.has(id));
  return { ...narrowed, sort: sort.filter((item) => !narrowed.equal.includes(item.field)), covered };
}

/** Shape of groups and sums; undefined when an index would not help. */
export function aggregateShape(
  form: FormMeta,
  query: Pick<AggregateQuery, 'filter' | 'groupBy' | 'metrics'>,
  scope: Scope = everyRow,
): IndexShape | undefined {
  const refs = [...query.groupBy.map((group) => group.field), ...query.metrics.flatMap((metric) => metric.field ?? [])];
  const fields = refs.map((ref) => form.field(ref));
  if (!fields.every((field) => field && plain(field))) return undefined;
  const covered = [...new Set(fields.flatMap((field) => field?.id ?? []))];
  return { ...conditionsOf(form, query.filter, scope), sort: [], covered };
}

/** A single value of limited length: what an ordered index can hold. */
export function plain(field: FieldMeta): boolean {
  return !field.storage.endsWith('[]') && field.storage !== 'jsonb' && field.typeName !== 'longText';
}

function conditionsOf(
  form: FormMeta,
  filter: Filter | undefined,
  scope: Scope,
): Pick<IndexShape, 'equal' | 'ranges' | 'lists'> {
  const found = { equal: new Set<string>(), ranges: new Set<string>(), lists: new Set<string>() };
  if (filter) collect(form, filter, found);
  // Only a scope of one case narrows every row the same way.
  const [only, ...others] = scope.cases === 'all' ? [] : scope.cases;
  if (only && others.length === 0) {
    if (only.kind === 'own' || only.kind === 'unowned') found.equal.add('owner');
    else if (only.kind === 'departments') found.ranges.add('department');
    else if (only.kind === 'filter') collect(form, only.filter, found);
  }
  const of = (names: Set<string>) => [...names].sort();
  return {
    equal: of(found.equal),
    ranges: of(found.ranges).filter((name) => !found.equal.has(name)),
    lists: of(found.lists),
  };
}

/**
 * The fields that decide whether a row lies in the scope, however its cases are combined; undefined where one of them is
 * something that no index could hold, so that the table has to be looked at anyway.
 */
function decidingFields(form: FormMeta, scope: Scope): string[] | undefined {
  const names = scope.except.flatMap(namedIn);
  for (const item of scope.cases === 'all' ? [] : scope.cases) {
    if (item.kind === 'own' || item.kind === 'unowned') names.push('owner');
    else if (item.kind === 'departments') names.push('department');
    else if (item.kind === 'inherit') names.push(item.relation);
    else if (item.kind === 'filter') names.push(...namedIn(item.filter));
    else if (item.kind === 'involved') return undefined;
  }
  const fields = names.map((name) => form.field(name));
  if (!fields.every((field) => field && plain(field))) return undefined;
  return [...new Set(fields.flatMap((field) => field?.id ?? []))].sort();
}

function namedIn(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(namedIn);
  if ('or' in filter) return filter.or.flatMap(namedIn);
  return 'not' in filter ? namedIn(filter.not) : [filter.field];
}

/** Conditions that hold for every row; what stands under `or` or `not` narrows nothing an index could use. */
function collect(
  form: FormMeta,
  filter: Filter,
  found: { equal: Set<string>; ranges: Set<string>; lists: Set<string> },
): void {
  if ('and' in filter) {
    for (const child of filter.and) collect(form, child, found);
    return;
  }
  if ('or' in filter || 'not' in filter) return;
  const field = form.field(filter.field);
  if (!field) return;
  const blank = filter.value === null || filter.value === undefined || filter.value === '';
  switch (filter.op) {
    case 'eq':
      if (blank || !plain(field)) return;
      (field.storage === 'date' || field.storage === 'timestamptz' ? found.ranges : found.equal).add(field.id);
      return;
    case 'in':
    case 'between':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (plain(field)) found.ranges.add(field.id);
      return;
    case 'hasAny':
    case 'hasAll':
      if (field.storage.endsWith('[]')) found.lists.add(field.id);
      return;
    default:
  }
}
