import type { Filter } from '@lianke/shared/filter/ast';
import type { SortItem } from '@lianke/shared/records/query';
import { open } from '../platform/navigate.js';
import { may } from './forms.js';
import type { FormView } from './record-types.js';

export interface BatchQuery {
  filter?: Filter | undefined;
  sort?: SortItem[] | undefined;
  search?: string | undefined;
}

/** Whether a reader can do anything with several records of the form at once. */
export const hasBatch = (form: FormView): boolean =>
  may(form, 'print') || (may(form, 'bulk') && (may(form, 'edit') || may(form, 'delete')));

/** Opens the page on which several records of a list are picked. @param picked one that is picked already */
export function openBatch(form: FormView, { filter, sort, search }: BatchQuery, picked?: string): void {
  const text = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  open('/pages/batch/index', { formId: form.id, filter: text(filter), sort: text(sort), search, picked });
}
