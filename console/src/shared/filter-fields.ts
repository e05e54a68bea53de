import { shownAs } from '@lianke/shared/fields/derived';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { useMemo } from 'react';
import { useForms } from '../api/queries.js';
import { targetOf } from '../fields/relation.js';
import { innerFields } from '../fields/subform/rows.js';
import { type FilterField, refOf } from './filter-model.js';

/** The form's own fields and those one relation away (`customer.grade`, shown as 「客户 › 客户分级」), or in its subforms' rows. */
export function useFilterFields(fields: readonly FilterField[]): FilterField[] {
  const forms = useForms();
  return useMemo(() => {
    const filterable = (field: FilterField) => behaviourOf(field).operators.length > 0;
    const own = fields.map(shownAs).filter(filterable);
    const related = own
      .filter((field) => fieldTypes[field.type].refers === 'record')
      .flatMap((relation) => {
        const rows = relation.type === 'subform' ? innerFields(relation) : undefined;
        const form = forms.data?.find((item) => item.id === targetOf(relation));
        return (rows ?? form?.fields ?? [])
          .map(shownAs)
          .filter(filterable)
          .map((field) => ({
            key: `${relation.key}.${field.key}`,
            id: `${refOf(relation)}.${field.id}`,
            name: `${relation.name} › ${field.name}`,
            type: field.type,
            config: field.config,
          }));
      });
    return [...own, ...related];
  }, [fields, forms.data]);
}
