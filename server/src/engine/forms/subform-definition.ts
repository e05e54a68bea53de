import { randomInt } from 'node:crypto';
import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { notInRows, type SubformConfig, subformConfig } from '@lianke/shared/fields/subform/schema';
import { type FieldDef, type FieldInput, fieldInput, newFieldId } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import { refusal } from '../../kernel/errors/app-error.js';
import { shapeError } from '../../kernel/errors/shape-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { FormDefinition } from './form-meta.js';
import { parentKey, positionKey } from './subform-meta.js';

type Nested = (before: FormDefinition | undefined, fields: FieldInput[]) => FieldDef[];

/**
 * The settings of a subform that follow from `input`: its fields are settled as a form's are (`nested`), and its rows get a
 * form, once. Answers `invalid_definition` naming the field at fault.
 */
export function nextSubform(
  input: FieldInput,
  old: FieldDef | undefined,
  config: FieldDef['config'],
  nested: Nested,
  given?: Pick<SubformConfig, 'formId' | 'parentField' | 'positionField'>,
): SubformConfig {
  const wanted = subformConfig.parse(config);
  const before = old && subformConfig.parse(old.config);
  const brought = before ? wanted.fields : copiedFields(wanted);
  const inputs = brought.map((field) => rowInput(input.name, field));
  if (inputs.length === 0)
    fault({ zh: `子表单“${input.name}”还没有字段`, en: `subform "${input.name}" has no fields yet` });
  const known = definitionOf(before);
  const fields = nested(known, inputs);
  for (const field of fields) refuseField(input.name, field);
  const ids = new Set<string>(fields.map((field) => field.id));
  const now = new Date().toISOString();
  const lost = (known?.fields ?? [])
    .filter((field) => !ids.has(field.id))
    .map((field) => ({ ...field, removedAt: now }));
  const removed = [...(known?.removed ?? []).filter((field) => !ids.has(field.id)), ...lost];
  return {
    ...wanted,
    fields,
    removed,
    formId: before?.formId ?? given?.formId ?? (uuid7() as FormId),
    parentField: before?.parentField ?? given?.parentField ?? newFieldId((below) => randomInt(below)),
    positionField: before?.positionField ?? given?.positionField ?? newFieldId((below) => randomInt(below)),
  } as SubformConfig;
}

/** The fields of a copied subform: they have no ids yet, and name one another by key. */
function copiedFields({ fields, parentField }: SubformConfig): SubformConfig['fields'] {
  let text = JSON.stringify(fields.map(({ id: _, ...field }) => field));
  for (const { id, key, name } of fields) if (id) text = text.replaceAll(id, key ?? name);
  if (parentField) text = text.replaceAll(parentField, parentKey);
  return JSON.parse(text) as SubformConfig['fields'];
}

function definitionOf(config: SubformConfig | undefined): FormDefinition | undefined {
  if (!config) return undefined;
  return {
    fields: config.fields as FieldDef[],
    layout: { sections: [] },
    settings: { summaryFields: [] },
    removed: (config.removed ?? []) as FormDefinition['removed'],
  };
}

function rowInput(subform: string, field: SubformConfig['fields'][number]): FieldInput {
  const parsed = fieldInput.safeParse(field);
  if (!parsed.success)
    throw shapeError('invalid_definition', parsed.error, field, {
      place: {
        zh: `子表单“${subform}”的字段“${field.name}”有误：`,
        en: `field "${field.name}" of subform "${subform}": `,
      },
    });
  return parsed.data;
}

function refuseField(subform: string, field: FieldDef): void {
  const place = { zh: `子表单“${subform}”的字段“${field.name}”`, en: `field "${field.name}" of subform "${subform}"` };
  if (notInRows.includes(field.type))
    fault({
      zh: `${place.zh}：${fieldTypes[field.type].label.zh}不能放进子表单`,
      en: `${place.en}: fields of type ${fieldTypes[field.type].label.en} cannot be part of a subform`,
    });
  if (field.key === parentKey || field.key === positionKey)
    fault({
      zh: `${place.zh}：标识“${field.key}”是系统保留的，请换一个`,
      en: `${place.en}: the key "${field.key}" is reserved by the system; choose another`,
    });
  if (field.type === 'relation' && field.config.onDelete === 'cascade')
    fault({
      zh: `${place.zh}：子表单的行不能跟着关联数据一起删除，请选“保留”或“拒绝删除”`,
      en: `${place.en}: rows of a subform cannot be deleted along with the related record; choose to keep them or to refuse the deletion`,
    });
}

function fault(detail: Words): never {
  throw refusal('invalid_definition', detail);
}
