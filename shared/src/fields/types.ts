import type { z } from 'zod';
import type { FieldErrorCode } from '../errors/codes.js';
import type { FilterOp } from '../filter/ast.js';
import type { Json } from '../json.js';

/** How a field's column is stored in PostgreSQL (design §4). */
export type StorageKind =
  | 'text'
  | 'numeric'
  | 'timestamptz'
  | 'date'
  | 'boolean'
  | 'uuid'
  | 'text[]'
  | 'uuid[]'
  | 'jsonb';

export type Reference = 'member' | 'department' | 'record' | 'file';

/**
 * `clock`: times of day in order; `period`: two dates, compared by the first; `path`: choices under choices;
 * `markup`: HTML, compared by what it says; `point`: a place in degrees.
 */
export type Comparison = 'clock' | 'period' | 'path' | 'markup' | 'point';

export const aggregateFns = ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'] as const;
export type AggregateFn = (typeof aggregateFns)[number];

export type Parsed<Value extends Json = Json> =
  | { ok: true; value: Value | null }
  | { ok: false; code: FieldErrorCode; params?: Record<string, string | number> };

/**
 * What a field type is, for every part of the product. `Config` is what its designer panel sets, `Value` the canonical
 * JSON value: decimals as strings, dates `YYYY-MM-DD`, instants RFC 3339 UTC, references as ids.
 */
export interface FieldType<Config = unknown, Value extends Json = Json> {
  readonly type: string;
  readonly label: { readonly zh: string; readonly en: string };
  /** Where the control stands in the designer's palette; `system` fields are not dragged. */
  readonly group: 'basic' | 'advanced' | 'relation' | 'system';
  readonly config: z.ZodType<Config>;
  readonly storage: StorageKind;
  readonly operators: readonly FilterOp[];
  readonly aggregates: readonly AggregateFn[];
  readonly sortable: boolean;
  readonly groupable: boolean;
  /** Whether the field may be searched by text (design §4 Search). */
  readonly searchable: boolean;
  /** What the ids of a value name: one id, or each of a list. */
  readonly refers?: Reference;
  /** How texts compare where they are more than texts; see `Comparison`. */
  readonly compares?: Comparison;
  /** A form may ask that no two records have the same value. */
  readonly mayBeUnique?: boolean;
  /** A field of it may be stored encrypted; see `behaviourOf`. */
  readonly mayBeEncrypted?: boolean;
  /** The value with what others need not see as stars, in the value's own shape. Types without it cannot be shown masked. */
  mask?(value: Value): Json;
  /** Kept by the system: writes from outside are refused. */
  readonly kept?: boolean;
  /** Turns what a client sent into the canonical value, or names why not. `null`, `""` and `[]` become null. */
  parse(raw: unknown, config: Config): Parsed<Value>;
}

export const ok = <Value extends Json>(value: Value | null): Parsed<Value> => ({ ok: true, value });
export const bad = (code: FieldErrorCode, params?: Record<string, string | number>): Parsed<never> => ({
  ok: false,
  code,
  params,
});

/** True for the values that mean "cleared". */
export function isBlank(raw: unknown): boolean {
  return raw === null || raw === undefined || raw === '' || (Array.isArray(raw) && raw.length === 0);
}

export const textOps = [
  'eq',
  'ne',
  'in',
  'nin',
  'contains',
  'startsWith',
  'empty',
  'notEmpty',
] as const satisfies readonly FilterOp[];
export const orderedOps = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'in',
  'nin',
  'empty',
  'notEmpty',
] as const satisfies readonly FilterOp[];
export const dateOps = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'empty',
  'notEmpty',
] as const satisfies readonly FilterOp[];
export const choiceOps = ['eq', 'ne', 'in', 'nin', 'empty', 'notEmpty'] as const satisfies readonly FilterOp[];
export const setOps = ['hasAny', 'hasAll', 'empty', 'notEmpty'] as const satisfies readonly FilterOp[];
export const presenceOps = ['empty', 'notEmpty'] as const satisfies readonly FilterOp[];
