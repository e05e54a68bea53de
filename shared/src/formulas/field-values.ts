import { addressText } from '../fields/address/value.js';
import { shownAs } from '../fields/derived.js';
import type { FormulaResult } from '../fields/formula/schema.js';
import { filterKindOf } from '../filter/filter-kinds.js';
import type { Json } from '../json.js';
import { dayDate, dayNumber } from '../time/work-days.js';
import { Dec, largest } from './decimal.js';
import type { Kind } from './types.js';
import { isList, isMoment, plainNumber, type Scalar, toDay, toInstant, type Value } from './values.js';
import type { FormulaField } from './world.js';

/** The name of a member, department or record by its id. */
export type NameOf = (field: Pick<FormulaField, 'type' | 'config'>, id: string) => string;

/** A stored or read value as formulas know it: choices by label, references by name. What cannot be read is blank. */
export function valueOfField(
  field: Pick<FormulaField, 'type' | 'config'>,
  raw: Json | undefined,
  nameOf: NameOf,
): Value {
  if (raw === null || raw === undefined || raw === '')
    return filterKindOf(shownAs(field).type).storage.endsWith('[]') ? [] : null;
  const shown = shownAs(field);
  switch (filterKindOf(shown.type).storage) {
    case 'numeric':
      return new Dec(String(raw));
    case 'date':
      return { kind: 'date', day: dayNumber(String(raw)) };
    case 'timestamptz':
      return { kind: 'datetime', ms: Date.parse(String(raw)) };
    case 'boolean':
      return raw === true;
    case 'text[]':
      return (raw as Json[]).map((item) => label(shown.config, String(item)));
    case 'text':
      return label(shown.config, String(raw));
    case 'uuid':
      return named(shown, raw, nameOf);
    case 'uuid[]':
      return (raw as Json[]).map((item) => named(shown, item, nameOf));
    case 'jsonb':
      return typeof raw === 'object' && !Array.isArray(raw) ? addressText(raw as Record<string, string>) : null;
  }
}

function label(config: Readonly<Record<string, unknown>>, value: string): string {
  const options = config.options as { id: string; label: string }[] | undefined;
  return options?.find((option) => option.id === value)?.label ?? value;
}

function named(field: Pick<FormulaField, 'type' | 'config'>, raw: Json, nameOf: NameOf): string | null {
  const name =
    typeof raw === 'object' && raw !== null && 'label' in raw ? String(raw.label) : nameOf(field, String(raw));
  return name === '' ? null : name;
}

/** A result as it is stored: rounded to the field's digits, dates in the tenant's zone, empty texts and lists as null. */
export function storedResult(value: Value, kind: Kind, result: FormulaResult, zone: string): Json {
  if (isList(value)) {
    const texts = value.filter((item): item is string => typeof item === 'string' && item !== '');
    return texts.length === 0 ? null : texts;
  }
  return storedScalar(value, kind, result, zone);
}

const nowhere = { start: 0, end: 0 };

function storedScalar(value: Scalar, kind: Kind, result: FormulaResult, zone: string): Json {
  if (value === null || value === '') return null;
  switch (kind) {
    case 'number': {
      const number = typeof value === 'boolean' ? new Dec(value ? 1 : 0) : value;
      if (!(number instanceof Dec) || number.abs().gte(largest)) return null;
      const digits = typeof result.config.decimals === 'number' ? result.config.decimals : 15;
      return plainNumber(number.toDecimalPlaces(digits));
    }
    case 'date': {
      const day = isMoment(value) ? toDay(value, zone, nowhere) : null;
      return day === null ? null : dayDate(day);
    }
    case 'datetime': {
      const ms = isMoment(value) ? toInstant(value, zone, nowhere) : null;
      return ms === null ? null : new Date(ms).toISOString();
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return typeof value === 'string' ? value : null;
  }
}
