import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import type { FieldMeta, FormMeta } from './form-meta.js';
import { ownFields, rowFields } from './subform-meta.js';

/** Where the values of a field stand. */
export interface FieldPlace {
  field: FieldMeta;
  /** The form whose table holds them: the field's own, or that of a subform's rows. */
  holder: FormMeta;
  /** The subform whose rows the field is one of. */
  subform?: FieldMeta;
}

/** A field of the form by id or key, or one of its subforms' rows by id: keys of rows are not the form's. */
export function placeOf(form: FormMeta, ref: string): FieldPlace | undefined {
  const own = form.field(ref);
  if (own) return { field: own, holder: form };
  for (const subform of form.fields) {
    const { part } = subform;
    const field = part && ownFields(part).find((item) => item.id === ref);
    if (!part || !field) continue;
    // Rules of rows are kept with the subform; the rows' own form knows them in part.
    const def = rowFields(subform.config as SubformConfig).find((item) => item.id === ref) ?? field.def;
    return { field: { ...field, def }, holder: part, subform };
  }
  return undefined;
}
