import { createHash } from 'node:crypto';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { neverNull, sortedAs, sortOrder } from '../sql/sort-sql.js';
import { type IndexShape, plain } from './index-shape.js';

/** Somebody's need of an index; wishes for the same index add up. */
export interface IndexWish {
  shape: IndexShape;
  weight: number;
}

export interface IndexDefinition {
  /** Follows from the definition: another definition is another index. */
  name: string;
  /** What follows `ON <table>`. */
  body: string;
}

export const maxIndexes = 12;
const maxColumns = 8;
/** PostgreSQL refuses a row whose entry in a btree is longer than 2,704 bytes. */
const maxEntryBytes = 2500;
const live = 'WHERE deleted_at IS NULL';

interface Column {
  expression: string;
  /** Undefined: either direction serves. */
  order?: string;
  bytes: number;
}

interface Candidate {
  columns: Column[];
  method: 'btree' | 'gin';
  weight: number;
}

const id: Column = { expression: 'id', order: 'ASC', bytes: 16 };

/** The indexes that serve the heaviest wishes, at most `maxIndexes`; none that another one, or one every table has, includes. */
export function chooseIndexes(form: FormMeta, wishes: readonly IndexWish[]): IndexDefinition[] {
  const candidates = new Map<string, Candidate>();
  for (const wish of wishes) {
    for (const candidate of candidatesOf(form, wish)) {
      const key = bodyOf(candidate);
      const known = candidates.get(key);
      if (known) known.weight += candidate.weight;
      else candidates.set(key, candidate);
    }
  }
  const standing = alwaysThere(form);
  const all = [...candidates.values()].filter((one) => !standing.some((other) => includes(other, one)));
  for (const [at, one] of all.entries()) {
    const wider = all.find(
      (other, index) => other !== one && includes(other, one) && !(includes(one, other) && index > at),
    );
    if (wider) {
      wider.weight += one.weight;
      one.weight = 0;
    }
  }
  return all
    .filter((one) => one.weight > 0)
    .map((one) => ({ weight: one.weight, body: bodyOf(one) }))
    .sort((a, b) => b.weight - a.weight || a.body.localeCompare(b.body))
    .slice(0, maxIndexes)
    .map(({ body }) => ({ name: `${indexPrefix(form)}${digest(body)}`, body }));
}

/** How the names of a form's chosen indexes begin; indexes of the table itself begin otherwise. */
export function indexPrefix(form: FormMeta): string {
  return `x_${form.id.replaceAll('-', '').slice(-16)}_`;
}

/** Equality columns first, then the sort and id, then what else is narrowed: a page is read in order from one place. */
function candidatesOf(form: FormMeta, { shape, weight }: IndexWish): Candidate[] {
  const found: Candidate[] = shape.lists.flatMap((name) => {
    const field = form.field(name);
    return field ? [{ method: 'gin' as const, weight, columns: [{ expression: field.column, bytes: 0 }] }] : [];
  });
  const named = (names: readonly string[]) =>
    names.flatMap((name) => {
      const field = form.field(name);
      return field && plain(field) ? [column(field)] : [];
    });
  const equal = named(shape.equal);
  const ranges = named(shape.ranges);
  const sort = shape.sort.flatMap((item) => {
    const field = form.field(item.field);
    return field && plain(field) ? [sortColumn(field, item.dir)] : [];
  });
  const add = (columns: Column[], share: number) => {
    if (columns.length > 0 && fits(columns))
      found.push({ method: 'btree', weight: weight * share, columns: once(columns) });
  };
  if (sort.length > 0) {
    const page = [...equal, ...sort, id, ...ranges];
    const whole = [...page, ...named(shape.covered)];
    add(fits(whole) ? whole : page, 1);
    // Few rows in a range are found by the range; walking the sort would pass over all the others.
    const [range] = ranges;
    if (equal.length === 0 && range && range.expression !== sort[0]?.expression) add([range], 0.5);
  } else {
    add([...equal, ...ranges, ...named(shape.covered)], 1);
  }
  return found;
}

const once = (columns: readonly Column[]): Column[] =>
  columns.filter((one, at) => columns.findIndex((other) => other.expression === one.expression) === at);

function fits(columns: readonly Column[]): boolean {
  const kept = once(columns);
  return kept.reduce((sum, one) => sum + one.bytes, 0) <= maxEntryBytes && kept.length <= maxColumns;
}

function column(field: FieldMeta): Column {
  return { expression: field.column, bytes: bytesOf(field) };
}

function sortColumn(field: FieldMeta, dir: 'asc' | 'desc'): Column {
  const { expression } = sortedAs(field, field.column);
  return { expression, order: sortOrder(dir, !neverNull(field)), bytes: bytesOf(field) };
}

/** The longest a value of the field can ever be, whatever limit its designer sets now. */
function bytesOf(field: FieldMeta): number {
  if (field.storage !== 'text') return 16;
  return field.typeName === 'select' || field.typeName === 'autonumber' ? 240 : 2000;
}

/** Indexes of `table-ddl.ts`, which every table has. */
function alwaysThere(form: FormMeta): Candidate[] {
  const plainColumn = (expression: string, order?: string): Column => ({
    expression,
    ...(order ? { order } : {}),
    bytes: 16,
  });
  const created = plainColumn('"created_at"', 'DESC');
  const lists = [
    [created, id],
    [plainColumn('"owner_id"'), created],
    [plainColumn('"dept_id"')],
    ...form.fields.filter((field) => field.typeName === 'relation').map((field) => [column(field)]),
    ...form.fields.filter((field) => field.typeName === 'lastContact').map((field) => [sortColumn(field, 'desc'), id]),
  ];
  return lists.map((columns) => ({ columns, method: 'btree', weight: 0 }));
}

/** Whether `wide` serves whatever `narrow` serves: the same columns to begin with. The tie-break at the end may be missing. */
function includes(wide: Candidate, narrow: Candidate): boolean {
  const needed = narrow.columns.at(-1) === id ? narrow.columns.slice(0, -1) : narrow.columns;
  return (
    wide.method === narrow.method &&
    needed.every((one, at) => {
      const other = wide.columns[at];
      return other?.expression === one.expression && (one.order === undefined || one.order === other.order);
    })
  );
}

function bodyOf({ method, columns }: Candidate): string {
  const list = columns.map(({ expression, order }) => {
    const simple = /^("[a-z0-9_]+"|id)$/.test(expression) ? expression : `(${expression})`;
    return order && order !== 'ASC' ? `${simple} ${order}` : simple;
  });
  return `${method === 'gin' ? 'USING gin ' : ''}(${list.join(', ')}) ${live}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
