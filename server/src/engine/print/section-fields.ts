import { laidField } from '@lianke/shared/forms/layout';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

/** These fields by the sections of the form's design; own fields that it places nowhere follow in the last. */
export function sectionFields(
  form: FormMeta,
  fields: readonly FieldMeta[],
): { title: string; fields: readonly FieldMeta[] }[] {
  const shown = new Set(fields.filter((field) => !field.part && !field.system));
  const placed = new Set<FieldMeta>();
  const sections = form.definition.layout.sections.map((section) => ({
    title: section.title || (section.tab ?? ''),
    fields: section.items.flatMap((item) => {
      const ref = laidField(item);
      const field = ref === undefined ? undefined : form.field(ref);
      if (!field || !shown.has(field) || placed.has(field)) return [];
      placed.add(field);
      return [field];
    }),
  }));
  const rest = [...shown].filter((field) => !placed.has(field));
  const last = sections.at(-1);
  if (last) last.fields.push(...rest);
  else sections.push({ title: '', fields: rest });
  sections.push({ title: '', fields: fields.filter((field) => field.system) });
  return sections.filter((section) => section.fields.length > 0);
}
