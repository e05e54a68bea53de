import type { FieldUse } from '@lianke/shared/forms/versions';
import { useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { type FormView, keys } from '../../api/queries.js';
import type { DesignDiff } from '../model/diff.js';

/** Everything that uses a field which publishing changes or removes. */
export function useImpact(form: FormView, diff: DesignDiff, enabled: boolean) {
  const fields = [...diff.removed, ...diff.changed.map((change) => change.before)].flatMap((field) => field.id ?? []);
  return useQuery<FieldUse[]>({
    queryKey: [...keys.form(form.id), 'impact', form.version, fields],
    queryFn: async () =>
      fields.length === 0
        ? []
        : (await api('forms.impact', { params: { formId: form.id }, body: { fields: fields.map(String) } })).items,
    enabled,
    staleTime: 0,
  });
}

/** How many records hold a value of each removed field, by the field's uid. */
export function useRemovedValues(
  form: FormView,
  diff: DesignDiff,
  enabled: boolean,
): Record<string, number | undefined> {
  const results = useQueries({
    queries: diff.removed.map((field) => ({
      // Not below `data`: once published, the field would be asked for again and is gone.
      queryKey: ['removedValues', form.id, field.uid],
      gcTime: 0,
      queryFn: async () => {
        const { items } = await api('records.aggregate', {
          params: { formId: form.id },
          body: { filter: { field: field.uid, op: 'notEmpty' as const }, metrics: [{ fn: 'count' as const, as: 'n' }] },
        });
        return Number(items[0]?.metrics.n ?? 0);
      },
      enabled,
    })),
  });
  return Object.fromEntries(diff.removed.map((field, index) => [field.uid, results[index]?.data]));
}
