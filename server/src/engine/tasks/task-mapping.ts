import type { Filter } from '@lianke/shared/filter/ast';
import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { FormMeta } from '../forms/form-meta.js';

/** What makes a form's records to-dos; undefined for other forms. */
export function taskMappingOf(form: FormMeta): TaskMapping | undefined {
  return form.settings.task as TaskMapping | undefined;
}

/** Key of the field that says whose a to-do is. */
export function ownerKey(form: FormMeta, mapping: TaskMapping): string {
  return form.field(mapping.owner)?.key ?? 'owner';
}

/** What holds of a to-do that is done. */
export function doneFilter(form: FormMeta, mapping: TaskMapping): Filter {
  const field = form.field(mapping.done);
  const key = field?.key ?? mapping.done;
  return field?.storage === 'boolean'
    ? { field: key, op: 'eq', value: true }
    : { field: key, op: 'eq', value: mapping.doneOption ?? '' };
}
