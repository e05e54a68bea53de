import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldDef, FieldRules } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';

/** A relation of one and one of many lead to the same form; where the type stays, so do its settings. */
export function keptConfig(
  field: FieldDef,
  type: FieldDef['type'],
  wanted: Record<string, Json>,
): Record<string, Json> {
  if (field.type === type) return field.config;
  const related = fieldTypes[type].refers === 'record' && fieldTypes[field.type].refers === 'record';
  if (!related) return wanted;
  const { formId, onDelete, reverseLabel } = field.config;
  return {
    ...wanted,
    ...(formId === undefined ? {} : { formId }),
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(reverseLabel === undefined ? {} : { reverseLabel }),
  };
}

/** The rules that mean something to the new type too. */
export function rulesFor(rules: FieldRules, from: FieldDef['type'], type: FieldDef['type']): FieldRules {
  const { pattern, minLength, optionsBy: _, pickBy, pickWhen, ...others } = rules;
  const related = fieldTypes[from].refers === 'record' && fieldTypes[type].refers === 'record';
  const rest = { ...others, ...(related && pickBy && { pickBy }), ...(related && pickWhen && { pickWhen }) };
  const textual = fieldTypes[type].storage === 'text' && !fieldTypes[type].compares && type !== 'select';
  return textual ? { ...rest, ...(pattern && { pattern }), ...(minLength && { minLength }) } : rest;
}
