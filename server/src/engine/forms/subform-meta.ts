import { type SubformConfig, subformConfig } from '@lianke/shared/fields/subform/schema';
import type { FieldDef } from '@lianke/shared/forms/definition';
import { type FieldMeta, FormMeta } from './form-meta.js';

/** Keys of the fields that rows have beside their own. */
export const parentKey = 'parent';
export const positionKey = 'position';

/** The form of a subform's rows: a relation to the record they belong to, their place in it, and their own fields. */
export function partOf(form: FormMeta, field: FieldMeta): FormMeta | undefined {
  const config = field.config as SubformConfig;
  const { formId, parentField, positionField } = config;
  if (!formId || !parentField || !positionField) return undefined;
  const parent: FieldDef = {
    id: parentField,
    key: parentKey,
    name: form.name,
    type: 'relation',
    config: { formId: form.id, reverseLabel: field.name },
    rules: {},
  };
  const position: FieldDef = {
    id: positionField,
    key: positionKey,
    name: '行号',
    type: 'number',
    config: { decimals: 0 },
    rules: {},
  };
  // No two rows of a record are the same where a rule says so; other records are not asked, so there is no index.
  const own = rowFields(config).map((def) => ({ ...def, rules: { ...def.rules, unique: false } }));
  const part = new FormMeta(
    form.tenantId,
    formId,
    form.appId,
    `${form.key}.${field.key}`,
    field.name,
    form.version,
    false,
    {
      fields: [parent, position, ...own],
      layout: { sections: [] },
      settings: { summaryFields: [] },
      removed: removedRowFields(config),
      // Columns of converted fields of the rows are told with the form's own: ids are never the same.
      ...(form.definition.columns && { columns: form.definition.columns }),
    },
    form.updatedAt,
    { form, field },
    [],
    false,
    form.vault,
  );
  for (const key of [parentKey, positionKey]) {
    const kept = part.field(key);
    if (kept) kept.writable = false;
  }
  return part;
}

/** The settings of a subform's definition; undefined for any other field. */
export function subformOf(field: Pick<FieldDef, 'type' | 'config'>): SubformConfig | undefined {
  return field.type === 'subform' ? subformConfig.parse(field.config) : undefined;
}

/** Fields of the rows as they are stored. */
export function rowFields(config: SubformConfig): FieldDef[] {
  return config.fields as FieldDef[];
}

/** A subform with one field of its rows replaced; any other field as it is. */
export function withRowField(field: FieldDef, row: FieldDef): FieldDef {
  const part = subformOf(field);
  const fields = part ? rowFields(part) : [];
  if (!fields.some((item) => item.id === row.id)) return field;
  return {
    ...field,
    config: { ...field.config, fields: fields.map((item) => (item.id === row.id ? row : item)) as never },
  };
}

/** Row fields that were taken off: their columns stay, so one that comes back by its id finds its data. */
export function removedRowFields(config: SubformConfig): (FieldDef & { removedAt: string })[] {
  return (config.removed ?? []) as (FieldDef & { removedAt: string })[];
}

/** The fields people fill in, or that follow from them, without what places a row. */
export function ownFields(part: FormMeta): readonly FieldMeta[] {
  return part.fields.filter((field) => !field.system && field.key !== parentKey && field.key !== positionKey);
}

export function parentOf(part: FormMeta): FieldMeta {
  return known(part, parentKey);
}

export function positionOf(part: FormMeta): FieldMeta {
  return known(part, positionKey);
}

function known(part: FormMeta, key: string): FieldMeta {
  const field = part.field(key);
  if (!field) throw new Error(`the rows of ${part.key} have no ${key}`);
  return field;
}
