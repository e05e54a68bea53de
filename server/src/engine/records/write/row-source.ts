import type { StorageKind } from '@lianke/shared/fields/types';
import type { Json } from '@lianke/shared/json';
import type { SqlValue } from '../../../kernel/database/tx.js';
import type { Params } from '../sql/params.js';

/** A column that a statement sets, and the expression over `v` that it is set to. */
export interface Assignment {
  column: string;
  select: string;
}

/** The rows of one statement as `unnest($1, $2 …) AS v(…)`: one array a column. */
export class RowSource {
  readonly assignments: Assignment[] = [];
  private readonly sources: string[] = [];
  private readonly names: string[] = [];

  constructor(private readonly params: Params) {}

  /** A column of `v` that is not assigned by itself. */
  key(name: string, type: string, values: readonly SqlValue[]): void {
    this.sources.push(arrayParam(this.params, type, values));
    this.names.push(name);
  }

  /** The expression of a value of every row that is no column: one parameter where many rows have the same. */
  value(name: string, type: string, values: readonly SqlValue[]): string {
    const [first = null] = values;
    if (values.length > 1 && values.every((value) => value === first)) return this.params.add(first, type);
    this.key(name, type, values);
    return `v.${name}`;
  }

  /** Assigns a column. Arrays and jsonb travel as text and are cast row by row: PostgreSQL has no arrays of arrays. */
  set(column: string, storage: StorageKind, values: readonly (Json | undefined)[]): void {
    const name = `c${this.names.length}`;
    const travel = transport(storage);
    const select = this.value(
      name,
      travel ? 'text' : storage,
      values.map(
        (value) => (value === null || value === undefined ? null : travel ? travel(value) : value) as SqlValue,
      ),
    );
    this.assignments.push({ column, select: travel ? `${select}::${storage}` : select });
  }

  /** The FROM item. */
  get from(): string {
    return `unnest(${this.sources.join(', ')}) AS v(${this.names.join(', ')})`;
  }
}

function transport(storage: StorageKind): ((value: Json) => string | null) | undefined {
  if (storage === 'text[]' || storage === 'uuid[]')
    return (value) => (Array.isArray(value) ? arrayLiteral(value as string[]) : null);
  return storage === 'jsonb' ? (value) => JSON.stringify(value) : undefined;
}

/** A one-dimensional PostgreSQL array literal. */
export function arrayLiteral(items: readonly string[]): string {
  return `{${items.map(quoted).join(',')}}`;
}

/** Binds an array of scalars; the driver would go through every element several times. */
export function arrayParam(params: Params, type: string, values: readonly SqlValue[]): string {
  return params.add(arrayText(values), `${type}[]`);
}

function arrayText(values: readonly SqlValue[]): string {
  return `{${values.map(element).join(',')}}`;
}

function element(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return quoted(value.toISOString());
  throw new TypeError('an array parameter takes scalars only');
}

function quoted(text: string): string {
  return special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

const special = /["\\]/;
