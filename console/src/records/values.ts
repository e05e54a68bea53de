import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import { fieldErrorText } from '@lianke/shared/errors/field-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { alone, momentAs } from '@lianke/shared/forms/presets';
import type { Json } from '@lianke/shared/json';
import type { FormView, ReadField } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { isEmptyValue, type RowFault, referenceOf } from '../fields/renderer.js';
import { innerFields, rowsOf } from '../fields/subform/rows.js';
import { currentLanguage } from '../i18n/index.js';
import { timeZone } from '../shared/format.js';

export type Values = Record<string, Json>;

/** A value as the API takes it: references and files as their ids, blanks as null. */
export function toWrite(field: Pick<ReadField, 'type' | 'config'>, value: Json | undefined): Json {
  if (isEmptyValue(value)) return null;
  if (field.type === 'subform') return rowsToWrite(field, value);
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

/** The whole list of a subform's rows; a row of which only the name was read stays as it is. */
function rowsToWrite(field: Pick<ReadField, 'config'>, value: Json | undefined): Json {
  const fields = innerFields(field).filter((inner) => inner.writable && !fieldTypes[inner.type].kept);
  return rowsOf(value).map(({ id, values }) => ({
    id,
    ...(values
      ? { values: Object.fromEntries(fields.map((inner) => [inner.key, toWrite(inner, values[inner.key])])) }
      : {}),
  }));
}

/** What is wrong in the rows of a subform, by their fields' own types; rules are asked elsewhere. */
export function rowFaultsOf(
  field: ReadField,
  value: Json | undefined,
  rulesOf: (fields: ReadField[], values: Values) => RowRules,
): RowFault[] {
  const fields = innerFields(field);
  return rowsOf(value).flatMap(({ values }, row) => {
    if (!values) return [];
    const rules = rulesOf(fields, values);
    const found: Record<string, string> = {};
    for (const inner of fields) {
      if (!inner.writable || rules.stateOf(inner)?.visible === false) continue;
      const fault = faultOf(inner, values[inner.key]);
      if (fault) found[inner.key] = fault;
    }
    Object.assign(found, rules.faults(new Set(Object.keys(found))));
    return Object.entries(found).map(([key, reason]) => ({ row, field: key, reason }));
  });
}

interface RowRules {
  stateOf(field: ReadField): { visible: boolean } | undefined;
  faults(failed: ReadonlySet<string>): Record<string, string>;
}

/** True when both values would be written alike. */
export function sameValue(
  field: Pick<ReadField, 'type' | 'config'>,
  a: Json | undefined,
  b: Json | undefined,
): boolean {
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

/** A value as one would type it elsewhere: amounts and numbers bare, phones as digits, everything else as it is shown. */
export function cleanText(field: ReadField, value: Json | undefined): string {
  if (typeof value === 'string' && ['number', 'money', 'percent', 'slider'].includes(field.type)) return value;
  if (field.type === 'phone') {
    const numbers = Array.isArray(value) ? value : [value];
    return numbers.flatMap((item) => (typeof item === 'string' ? [item.replace(/[\s-]/g, '')] : [])).join('\n');
  }
  return fieldRenderers[field.type].text(field, value).trim();
}

/** What a copy of a record begins with: everything but what the system keeps and what no two records may share. */
export function copiedValues(form: Pick<FormView, 'fields' | 'settings'>, record: { values: Values }): Values {
  const single = new Set((form.settings.uniqueSets ?? []).flatMap((set) => set.fields));
  const values: Values = {};
  for (const field of form.fields) {
    if (!field.writable || field.system || field.rules.unique || fieldTypes[field.type].kept) continue;
    if (single.has(field.id) || single.has(field.key)) continue;
    const value = record.values[field.key];
    if (!isEmptyValue(value)) values[field.key] = value ?? null;
  }
  return values;
}

/** A field error's sentence in the reader's language. */
export function fieldMessage(code: FieldErrorCode, params?: Record<string, string | number>): string {
  return fieldErrorText(code, params, currentLanguage());
}

/** The values a new record starts with: the form's defaults, with the reader as owner. */
export function initialValues(
  fields: readonly ReadField[],
  me: { id: string; label: string },
  department: { id: string; label: string } | null,
  now: Date,
): Values {
  const values: Values = {};
  for (const field of fields) {
    if (!field.writable) continue;
    if (field.key === 'owner' && field.system) values[field.key] = me;
    const rule = field.default;
    if (rule?.kind === 'literal') values[field.key] = rule.value as Json;
    if (rule?.kind === 'me' || (field.type === 'member' && field.config.default === 'me'))
      values[field.key] = alone(field.type, me);
    if (rule?.kind === 'myDepartment' || (field.type === 'department' && field.config.default === 'mine')) {
      if (department) values[field.key] = alone(field.type, department);
    }
    if (rule?.kind === 'now') values[field.key] = momentAs(field.type, timeZone(), now);
  }
  return values;
}
