import { Decimal } from 'decimal.js';
import { addressText } from '../fields/address/value.js';
import { periodOf } from '../fields/date-range/value.js';
import { markupText } from '../fields/rich-text/value.js';
import { type Comparison, isBlank, type StorageKind } from '../fields/types.js';
import { inBox } from '../geo/box.js';
import { cityOf } from '../geo/city-centres.js';
import { isPoint } from '../geo/gcj02.js';
import type { Json } from '../json.js';
import type { Condition, Filter } from './ast.js';
import {
  type ConditionFault,
  type ConditionTest,
  type FilterEnv,
  type FilterField,
  resolveCondition,
} from './condition-test.js';
import { fold } from './fold.js';

/** What an evaluation knows of a field reference: its kind and its canonical value (references as bare ids). */
export type FieldLookup = (ref: string) => { field: FilterField; value: Json | undefined } | undefined;

/** A condition that cannot be evaluated; callers answer it as the error of the same code. */
export class FilterFault extends Error {
  constructor(
    readonly code: ConditionFault | 'unknown_field',
    readonly condition: Condition,
  ) {
    super(`${code}: ${condition.field} ${condition.op}`);
  }
}

/** Whether a record meets a filter; the same answer as the SQL compiled from it. */
export function evaluate(filter: Filter, lookup: FieldLookup, env: FilterEnv): boolean {
  if ('and' in filter) return filter.and.every((child) => evaluate(child, lookup, env));
  if ('or' in filter) return filter.or.some((child) => evaluate(child, lookup, env));
  if ('not' in filter) return !evaluate(filter.not, lookup, env);
  const found = lookup(filter.field);
  if (!found) throw new FilterFault('unknown_field', filter);
  const resolved = resolveCondition(found.field, filter.op, filter.value, env);
  if (typeof resolved === 'string') throw new FilterFault(resolved, filter);
  return meets(found.field, resolved.test, found.value) !== resolved.negate;
}

function meets({ storage, compares }: FilterField, test: ConditionTest, value: Json | undefined): boolean {
  if (value === undefined || isBlank(value)) return false;
  // A number that is only half typed is none yet.
  if (storage === 'numeric' && test.kind !== 'present' && !isNumber(value)) return false;
  switch (test.kind) {
    case 'present':
      return true;
    case 'isBool':
      return value === test.value;
    case 'oneOf':
      return storage === 'numeric'
        ? test.values.some((item) => new Decimal(String(value)).eq(item))
        : test.values.includes(String(value));
    case 'range': {
      const compare = (bound: string) =>
        storage === 'numeric'
          ? new Decimal(String(value)).cmp(bound)
          : String(value) < bound
            ? -1
            : String(value) > bound
              ? 1
              : 0;
      return (
        (test.gt === undefined || compare(test.gt) > 0) &&
        (test.gte === undefined || compare(test.gte) >= 0) &&
        (test.lt === undefined || compare(test.lt) < 0) &&
        (test.lte === undefined || compare(test.lte) <= 0)
      );
    }
    case 'contains':
      return textsOf(storage, compares, value).some((text) => fold(text).includes(test.text));
    case 'prefix':
      return textsOf(storage, compares, value).some((text) => fold(text).startsWith(test.text));
    case 'overlaps':
      return Array.isArray(value) && test.values.some((item) => value.includes(item));
    case 'covers':
      return Array.isArray(value) && test.values.every((item) => value.includes(item));
    case 'under':
      return test.values.some((item) => value === item || String(value).startsWith(`${item}/`));
    case 'inBox':
      return isPoint(value) && inBox(test.box, value);
    case 'inCity':
      return test.values.includes(cityOf(value as Record<string, string>) ?? '');
    case 'spans': {
      const period = periodOf(value);
      return (
        period !== undefined &&
        (test.to === undefined || period.start < test.to) &&
        (test.from === undefined || period.end >= test.from)
      );
    }
  }
}

function isNumber(value: Json): boolean {
  try {
    return !new Decimal(String(value)).isNaN();
  } catch {
    return false;
  }
}

function textsOf(storage: StorageKind, compares: Comparison | undefined, value: Json): string[] {
  if (compares === 'markup') return [markupText(String(value))];
  if (storage === 'jsonb') return [addressText(value as Record<string, string>)];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
