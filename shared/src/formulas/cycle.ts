import { isDerived } from '../fields/derived.js';
import { pathsIn } from './compile.js';
import { type FormulaField, type FormulaForm, type FormulaWorld, resolveRef } from './world.js';

/**
 * The way on which a formula would read its own result, as names of fields from the field back to itself; undefined when
 * there is none. `expression` stands for what the field holds.
 */
export function cyclePath(
  world: FormulaWorld,
  formId: string,
  fieldId: string,
  expression: string,
): string[] | undefined {
  const visit = (form: FormulaForm, field: FormulaField, above: readonly string[]): string[] | undefined => {
    const name = `${form.name}.${field.name}`;
    if (form.id === formId && field.id === fieldId && above.length > 0) return [...above, name];
    if (!isDerived(field.type) || above.includes(name)) return undefined;
    for (const [owner, input] of inputsOf(world, form, field, field.id === fieldId ? expression : undefined)) {
      const found = visit(owner, input, [...above, name]);
      if (found) return found;
    }
    return undefined;
  };
  const form = world.forms.find((item) => item.id === formId);
  const field = form?.fields.find((item) => item.id === fieldId);
  return form && field && visit(form, field, []);
}

function inputsOf(
  world: FormulaWorld,
  form: FormulaForm,
  field: FormulaField,
  expression: string | undefined,
): [FormulaForm, FormulaField][] {
  if (field.type !== 'formula') return [];
  return pathsIn(expression ?? String(field.config.expression ?? '')).flatMap((path): [FormulaForm, FormulaField][] => {
    const ref = resolveRef(world, form.id, path);
    return ref.ok && ref.value.field ? [[ref.value.form, ref.value.field]] : [];
  });
}
