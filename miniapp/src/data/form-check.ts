import { renderers } from '../fields/registry.js';
import { fieldError, isEmpty } from '../fields/types.js';
import type { FormView, ReadField, Values } from './record-types.js';

export type FieldErrors = Record<string, string>;

/** Fields a person fills: writable ones with a control. */
export function fillable(form: FormView): ReadField[] {
  return form.fields.filter((field) => field.writable && renderers[field.type]?.Control && (!field.system || field.key === 'owner'));
}

/** What is wrong before sending, by field key. The server checks again and has the last word. */
export function checkValues(fields: readonly ReadField[], values: Values): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of fields) {
    const value = values[field.key];
    const blank = isEmpty(value) || (Array.isArray(value) && value.every((item) => item === ''));
    if (blank || value === undefined) {
      if (field.rules.required) errors[field.key] = fieldError('required');
      continue;
    }
    const problem = renderers[field.type].check?.(value, field);
    if (problem) errors[field.key] = problem;
  }
  return errors;
}

/** Required fields and the title first; the others wait behind 「更多 14 项」. */
export function splitFields(ordered: readonly ReadField[], titleId: string | undefined): { first: ReadField[]; more: ReadField[] } {
  const matters = (field: ReadField) => field.rules.required === true || field.id === titleId;
  const first = ordered.filter(matters);
  const more = ordered.filter((field) => !matters(field));
  // Two or three further fields are no reason for another tap.
  if (more.length <= 3 || first.length === 0) return { first: [...ordered], more: [] };
  return { first, more };
}

/** Values a new record starts with: the form's defaults that a phone can know. */
export function startValues(
  fields: readonly ReadField[],
  context: { me: { id: string; name: string }; now: string; today: string },
): Values {
  const values: Values = {};
  for (const field of fields) {
    const preset = field.default;
    if (!preset) continue;
    if (preset.kind === 'literal') values[field.key] = preset.value;
    else if (preset.kind === 'me') values[field.key] = { id: context.me.id, label: context.me.name };
    else if (preset.kind === 'now') values[field.key] = field.type === 'date' ? context.today : context.now;
  }
  return values;
}
