import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import { fieldErrorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { ReadField } from '../api/queries.js';
import { isEmptyValue, referenceOf } from '../fields/renderer.js';
import { currentLanguage } from '../i18n/index.js';

export type Values = Record<string, Json>;

/** A value as the API takes it: references and files as their ids, blanks as null. */
export function toWrite(field: Pick<ReadField, 'type'>, value: Json | undefined): Json {
  if (isEmptyValue(value)) return null;
  const { refers, storage } = fieldTypes[field.type];
  if (refers && storage === 'uuid') return referenceOf(value)?.id ?? null;
  if (refers) return Array.isArray(value) ? value.map((item) => referenceOf(item)?.id ?? item) : null;
  switch (field.type) {
    case 'phone': {
      const numbers = Array.isArray(value)
        ? value.filter((item) => typeof item === 'string' && item.trim() !== '')
        : value;
      return isEmptyValue(numbers) ? null : numbers;
    }
    default:
      return value;
  }
}

/** True when both values would be written alike. */
export function sameValue(field: Pick<ReadField, 'type'>, a: Json | undefined, b: Json | undefined): boolean {
  return canonical(toWrite(field, a)) === canonical(toWrite(field, b));
}

function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is written of a form that was filled in: the values that differ from `before`. */
export function changedValues(fields: readonly ReadField[], before: Values, after: Values): Values {
  const out: Values = {};
  for (const field of fields) {
    if (!field.writable || !(field.key in after)) continue;
    if (!sameValue(field, before[field.key], after[field.key])) out[field.key] = toWrite(field, after[field.key]);
  }
  return out;
}

/** Why a value will be refused, in the reader's language; undefined when it will do. The server decides in the end. */
export function faultOf(field: ReadField, value: Json | undefined): string | undefined {
  const written = toWrite(field, value);
  if (written === null) return field.rules.required ? fieldMessage('required') : undefined;
  const type = fieldTypes[field.type];
  const config = type.config.safeParse(field.config);
  if (!config.success) return undefined;
  const parsed = type.parse(written, config.data);
  if (!parsed.ok) return fieldMessage(parsed.code, parsed.params);
  return parsed.value === null && field.rules.required ? fieldMessage('required') : undefined;
}

/** A field error's sentence in the reader's language. */
export function fieldMessage(code: FieldErrorCode, params?: Record<string, string | number>): string {
  return fillMessage(fieldErrorCodes[code][currentLanguage()], params);
}

/** The values a new record starts with: the form's defaults, with the reader as owner. */
export function initialValues(
  fields: readonly ReadField[],
  me: { id: string; label: string },
  department: { id: string; label: string } | null,
  now: string,
): Values {
  const values: Values = {};
  for (const field of fields) {
    if (!field.writable) continue;
    if (field.key === 'owner' && field.system) values[field.key] = me;
    const rule = field.default;
    if (rule?.kind === 'literal') values[field.key] = rule.value as Json;
    if (rule?.kind === 'me' || (field.type === 'member' && field.config.default === 'me')) values[field.key] = me;
    if (rule?.kind === 'myDepartment' || (field.type === 'department' && field.config.default === 'mine')) {
      if (department) values[field.key] = department;
    }
    if (rule?.kind === 'now') values[field.key] = field.type === 'date' ? now.slice(0, 10) : now;
  }
  return values;
}
