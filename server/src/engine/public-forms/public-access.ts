import type { FieldRight } from '@lianke/shared/org/api';
import type { PublicFormSettings } from '@lianke/shared/public-forms/api';
import { insideTypes, notInPublicRows } from '@lianke/shared/public-forms/api';
import { everyRow, FormAccess, noAccess, partAccess } from '../access/form-access.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';

/** True for fields that can stand on a public page at all. */
export function publishable(field: FieldMeta): boolean {
  return field.writable && !field.system && !insideTypes.includes(field.typeName);
}

/** The fields visitors fill in, in the page's order; what was deleted since is left out. */
export function publicFields(form: FormMeta, settings: PublicFormSettings): FieldMeta[] {
  return settings.fields.flatMap((id) => {
    const field = form.field(id);
    if (!field || !publishable(field)) return [];
    const picked = field.type.refers === 'record' && !field.part;
    return !picked || settings.pickers.includes(field.id) ? [field] : [];
  });
}

/**
 * What a visitor may do: create in this form with these fields, and refer to records whose choice was made public. The
 * write path knows no other right of his, so every other field answers as one that does not exist.
 */
export function visitorAccess(
  form: FormMeta,
  settings: PublicFormSettings,
  forms: TenantForms,
): (asked: FormMeta) => FormAccess {
  const open = new Set(publicFields(form, settings));
  const rights = new Map<string, FieldRight>(
    form.fields.filter((field) => !open.has(field)).map((field) => [field.id, 'hidden']),
  );
  for (const part of form.parts)
    for (const inner of part.fields)
      if (!inner.writable || notInPublicRows.includes(inner.typeName)) rights.set(inner.id, 'hidden');
  const own = new FormAccess(new Map([['create', everyRow]]), rights);
  const targets = new Set(
    [...open].flatMap((field) =>
      field.type.refers === 'record' && !field.part ? [(field.config as { formId: string }).formId] : [],
    ),
  );
  const chosen = (target: FormMeta) =>
    new FormAccess(
      new Map([['view', everyRow]]),
      new Map(target.fields.filter((field) => field !== target.title).map((field) => [field.id, 'hidden' as const])),
    );
  return (asked) => {
    if (asked.id === form.id) return own;
    const part = form.parts.find((item) => item.id === asked.id);
    if (part) return partAccess(own, part);
    const target = targets.has(asked.id) ? forms.get(asked.id) : undefined;
    return target ? chosen(target) : noAccess;
  };
}
