import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import { withSectionRules } from '@lianke/shared/forms/layout';
import { namingTypes } from '@lianke/shared/imports/keys';
import type { Json } from '@lianke/shared/json';
import type { FormAccess } from '../../access/form-access.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { ownFields } from '../../forms/subform-meta.js';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { recordIdField, recordIdKey } from './record-id.js';

/** Kept by the system, yet brought along from a file: what the company knew before. */
const keptButImported = new Set(['createdAt', 'createdBy']);

/** The form as far as this importer may fill it, or undefined when he may not import into it. */
export function knownForm(form: FormMeta, accessOf: (formId: string) => FormAccess): KnownForm | undefined {
  const access = accessOf(form.id);
  if (!access.may('import') || !access.may('create')) return undefined;
  const mine = form.fields.filter((field) => access.mayWrite(field));
  const ruled = withSectionRules(
    form.fields.map((field) => field.def),
    form.definition.layout,
  );
  const conditional = new Set<string>(ruled.filter(({ rules }) => rules.visibleWhen).map(({ id }) => id));
  const fields = mine
    .filter((field) => isImported(field, access.may('backdate')))
    .map((field) => knownField(field, conditional.has(field.id)));
  const taken = form.fields.some((field) => field.key === recordIdKey);
  if (access.may('edit') && !taken) fields.push(recordIdField);
  for (const field of mine) if (field.part) fields.push(...lineFields(field, field.part, accessOf(field.part.id)));
  const keys = form.fields
    .filter(
      (field) =>
        access.mayRead(field) &&
        namingTypes.includes(field.typeName) &&
        (field.def.rules.unique === true || field.typeName === 'autonumber'),
    )
    .map((field) => ({
      key: field.key,
      name: field.name,
      type: field.typeName,
      config: field.def.config as Record<string, Json>,
    }));
  return { id: form.id, key: form.key, name: form.name, title: form.title?.key ?? null, fields, keys };
}

/** Fields of a subform's rows, and their id: an exported file changes the very rows it names. */
function lineFields(subform: FieldMeta, part: FormMeta, access: FormAccess): KnownField[] {
  const { maxRows } = subform.config as SubformConfig;
  const within = (field: string, fieldName: string) => ({
    key: `${subform.key}.${field}`,
    name: `${subform.name}.${fieldName}`,
    within: { key: subform.key, name: subform.name, field, fieldName, maxRows },
  });
  const own = ownFields(part).filter((field) => access.mayWrite(field) && isImported(field, false));
  return [
    { ...recordIdField, ...within(recordIdKey, recordIdField.name), system: false },
    ...own.map((field) => ({
      ...knownField(field, field.def.rules.visibleWhen !== undefined),
      ...within(field.key, field.name),
    })),
  ];
}

function isImported(field: FieldMeta, backdates: boolean): boolean {
  if (field.system) return field.key === 'owner' || (backdates && keptButImported.has(field.key));
  return !field.derived && !field.part;
}

/** @param conditional it shows only under a condition, its own or that of its section */
function knownField(field: FieldMeta, conditional: boolean): KnownField {
  return {
    key: field.key,
    name: field.name,
    type: field.typeName,
    config: field.def.config as Record<string, Json>,
    // One that may be hidden binds only where it shows: the write path knows the whole record.
    required: field.def.rules.required === true && !conditional,
    ...(field.def.default !== undefined && { defaulted: true }),
    system: field.system,
  };
}
