import type { Filter } from '@lianke/shared/filter/ast';
import type { FormView } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { isEmptyFilter } from '../model/words.js';

/** The shared filter builder in a narrow panel; an empty filter is `undefined`. */
export function FilterField({
  form,
  value,
  onChange,
  emptyText,
}: {
  form: FormView;
  value: Filter | undefined;
  onChange: (filter: Filter | undefined) => void;
  /** Said while there is no condition. */
  emptyText: string;
}) {
  return (
    <FilterBuilder
      narrow
      ownOnly
      fields={form.fields}
      value={isEmptyFilter(value) ? undefined : value}
      onChange={onChange}
      emptyText={emptyText}
    />
  );
}
