import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { notInRows } from '@lianke/shared/fields/subform/schema';
import { type ImportTarget, type ProposedField, proposedField } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { z } from 'zod';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { invalid } from './plan-fault.js';

/** Lines a record of a subform made by an import may have. */
const defaultMaxRows = 1000;

/** A field that a column can feed: one of the form, or one to be made. */
export interface Field {
  key: string;
  name: string;
  type: FieldTypeName;
  config: Record<string, Json>;
  required: boolean;
  defaulted?: boolean;
  within?: KnownField['within'];
}

export const ownerField: Field = { key: 'owner', name: '负责人', type: 'member', config: {}, required: false };

/** The fields that columns of a target can feed, by key. */
export function fieldsOf(target: ImportTarget, form: KnownForm | undefined): Map<string, Field> {
  const fields = new Map<string, Field>((form?.fields ?? []).map((field) => [field.key, field]));
  for (const field of target.newFields) {
    const config = field.config as Record<string, Json>;
    const subform = field.within && form?.fields.find(({ within }) => within?.key === field.within)?.within;
    if (field.within !== undefined) {
      if (!subform)
        throw invalid('', {
          zh: `要加字段“${field.name}”的子表单不存在`,
          en: `the subform that field "${field.name}" is to be added to does not exist`,
        });
      fields.set(field.key, lineField(field, config, subform));
    } else if (field.type !== 'subform')
      fields.set(field.key, { ...field, config, required: false, within: undefined });
    else for (const line of newLineFields(field)) fields.set(line.key, line);
  }
  return fields;
}

/** A field that an existing subform's rows are to get. */
function lineField(
  { key, name, type }: ProposedField,
  config: Record<string, Json>,
  subform: NonNullable<KnownField['within']>,
): Field {
  if (notInRows.includes(type))
    throw invalid('', {
      zh: `子表单里不能有字段“${name}”这样的类型`,
      en: `a subform cannot have a field of the type of "${name}"`,
    });
  const within = { ...subform, field: key.slice(subform.key.length + 1), fieldName: name };
  return { key, name: `${subform.name}.${name}`, type, config, required: false, within };
}

/** The fields of the rows of a subform to be made. */
function newLineFields({ key, name, config }: ProposedField): Field[] {
  const fields = z.array(proposedField).safeParse(config.fields);
  if (!fields.success)
    throw invalid('', { zh: `子表单“${name}”的字段写错了`, en: `the fields of subform "${name}" are not valid` });
  return fields.data.map((field) => ({
    key: `${key}.${field.key}`,
    name: `${name}.${field.name}`,
    type: field.type,
    config: field.config as Record<string, Json>,
    required: false,
    within: { key, name, field: field.key, fieldName: field.name, maxRows: defaultMaxRows },
  }));
}
