import type { FieldUse } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { type FormView, keys } from '../../api/queries.js';
import { type DesignDiff, lostFields, touchedFields } from '../model/diff.js';

/** Everything that uses a field which publishing changes or removes. */
export function useImpact(form: FormView, diff: DesignDiff, enabled: boolean) {
  const fields = [...touchedFields(diff).keys()];
  return useQuery<FieldUse[]>({
    queryKey: [...keys.form(form.id), 'impact', form.version, fields],
    queryFn: async () =>
      fields.length === 0 ? [] : (await api('forms.impact', { params: { formId: form.id }, body: { fields } })).items,
    enabled,
    staleTime: 0,
  });
}

/** How many records, or rows of a subform, hold a value of each removed field, by the field's uid. */
export function useRemovedValues(
  form: FormView,
  diff: DesignDiff,
  enabled: boolean,
): Record<string, number | undefined> {
  const lost = lostFields(diff);
  const results = useQueries({
    queries: lost.map(({ field, rows }) => ({
      // Not below `data`: once published, the field would be asked for again and is gone.
      queryKey: ['removedValues', form.id, field.uid],
      gcTime: 0,
      queryFn: async () => {
        const { items } = await api('records.aggregate', {
          params: { formId: (rows?.formId ?? form.id) as FormId },
          body: { filter: { field: field.uid, op: 'notEmpty' as const }, metrics: [{ fn: 'count' as const, as: 'n' }] },
        });
        return Number(items[0]?.metrics.n ?? 0);
      },
      enabled,
    })),
  });
  return Object.fromEntries(lost.map(({ field }, index) => [field.uid, results[index]?.data]));
}
