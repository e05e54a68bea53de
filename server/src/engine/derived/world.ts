import type { FormulaField, FormulaForm, FormulaWorld } from '@lianke/shared/formulas/world';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

export function formulaField(field: FieldMeta): FormulaField {
  const { type, config, encrypted } = field.def;
  return { id: field.id, key: field.key, name: field.name, type, config, ...(encrypted ? { encrypted } : {}) };
}

/** A form as formulas see it. */
export function formulaForm(form: FormMeta): FormulaForm {
  return { id: form.id, name: form.name, titleField: form.title?.id, fields: form.fields.map(formulaField) };
}

/** All forms of a tenant as formulas see them. */
export function worldOf(forms: readonly FormMeta[]): FormulaWorld {
  return { forms: forms.map(formulaForm) };
}
