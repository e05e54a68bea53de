import { subformConfig } from '@lianke/shared/fields/subform/schema';
import { fieldsOf } from '@lianke/shared/filter/ast';
import type { FieldDef, FormView } from '@lianke/shared/forms/definition';
import { type FormAccess, partAccess } from '../access/form-access.js';
import { hintsFor } from '../duplicates/duplicate-keys.js';
import { readableLayout } from './form-layout.js';
import type { FieldMeta, FormDefinition, FormMeta } from './form-meta.js';
import type { TenantForms } from './form-registry.js';
import { readableFormRules, readableRules } from './form-rules.js';
import { ownFields, parentOf } from './subform-meta.js';

/** Whether a reader may know by which fields of the other form a picker chooses; whoever may not is refused at save. */
export type PicksSeen = (field: FieldDef) => boolean;

export function picksSeen(forms: TenantForms, accessOf: (formId: string) => FormAccess): PicksSeen {
  return (field) => {
    const target = field.rules.pickWhen && forms.get(String(field.config.formId));
    if (!target || !field.rules.pickWhen) return false;
    const access = accessOf(target.id);
    return fieldsOf(field.rules.pickWhen).every((ref) => {
      const other = target.field(ref);
      return other !== undefined && access.sees(other);
    });
  };
}

/** The form as this reader sees it: hidden fields are absent everywhere. */
export function viewOf(form: FormMeta, access: FormAccess, seen: PicksSeen = () => false): FormView {
  // A designer edits the rule as it is, whatever he sees of the other form.
  const picks: PicksSeen = (field) => access.may('design') || seen(field);
  const readable = form.fields.filter((field) => access.mayRead(field));
  const ids = new Set<string>(readable.map((field) => field.id));
  const rowIds = new Set(readable.flatMap((field) => (field.part ? rowRefs(field.part, access) : [])));
  const definition: FormDefinition = form.definition;
  return {
    id: form.id,
    appId: form.appId,
    key: form.key,
    name: form.name,
    version: form.version,
    fields: readable.map((field) => ({
      ...field.def,
      rules: readableRules(field.def.rules, ids, picks(field.def)),
      config: shownConfig(field, access, picks),
      ...(field.system ? { system: true } : {}),
      writable: field.writable && access.mayWrite(field),
      ...(access.masks(field) ? { masked: true } : {}),
    })),
    layout: readableLayout(definition.layout, ids),
    settings: {
      ...readableFormRules(definition.settings, ids, rowIds),
      titleField: form.title && ids.has(form.title.id) ? form.title.id : undefined,
      summaryFields: definition.settings.summaryFields.filter((id) => ids.has(id)),
      ...(definition.settings.quickFields && {
        quickFields: definition.settings.quickFields.filter((id) => ids.has(id)),
      }),
    },
    actions: [...access.actions],
    ...(form.duplicates.length > 0 ? { duplicates: hintsFor(form, access) } : {}),
    ...(access.actions.has('design') && definition.removed.length > 0 ? { removed: definition.removed } : {}),
    updatedAt: form.updatedAt,
  };
}

/** How formulas name the rows of a subform and the fields of them that this reader sees. */
function rowRefs(part: FormMeta, access: FormAccess): string[] {
  const rows = partAccess(access, part);
  return [
    parentOf(part).id,
    ...ownFields(part)
      .filter((field) => rows.mayRead(field))
      .map((field) => field.id),
  ];
}

/** A subform's settings with the row fields that this reader sees; designers see those that can come back too. */
function subformConfigOf(
  part: FormMeta,
  { removed, ...config }: FieldMeta['def']['config'],
  access: FormAccess,
  picks: PicksSeen,
) {
  const rows = partAccess(access, part);
  const readable = ownFields(part).filter((field) => rows.mayRead(field));
  const ids = new Set<string>(readable.map((field) => field.id));
  const stored = subformConfig.parse(part.owner?.field.config ?? {}).fields;
  const rules = new Map(stored.map((field) => [field.id, field.rules]));
  return {
    ...config,
    ...(access.actions.has('design') && Array.isArray(removed) && removed.length > 0 ? { removed } : {}),
    fields: readable.map((field) => ({
      ...field.def,
      rules: readableRules(rules.get(field.id) ?? field.def.rules, ids, picks(field.def)),
      config: shownConfig(field, rows, picks),
      writable: field.writable && rows.mayWrite(field),
    })),
  };
}

/** A result made visible to all does not tell everybody what it is made of. */
function shownConfig(field: FieldMeta, access: FormAccess, picks: PicksSeen): FieldMeta['def']['config'] {
  if (field.part) return subformConfigOf(field.part, field.def.config, access, picks) as FieldMeta['def']['config'];
  if (!field.derived || access.may('design') || field.def.config.visible !== true) return field.def.config;
  const { result } = field.def.config;
  return { visible: true, ...(result === undefined ? {} : { result }) };
}
