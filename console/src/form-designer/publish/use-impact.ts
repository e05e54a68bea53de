import { useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { type FormView, keys } from '../../api/queries.js';
import type { DesignDiff } from '../model/diff.js';
import { mentions } from '../model/usage.js';

export interface Impact {
  views: number;
  flows: number;
  dashboards: number;
}

async function impactOf(form: FormView, diff: DesignDiff): Promise<Impact> {
  const touched = [...diff.removed, ...diff.changed.map((change) => change.before)];
  const names = new Set(touched.flatMap((field) => [field.id as string, field.key ?? ''].filter(Boolean)));
  const [views, flows, dashboards] = await Promise.all([
    api('views.list', { params: { formId: form.id } }),
    api('flows.list', { query: { appId: form.appId } }),
    api('dashboards.list', { query: { appId: form.appId } }),
  ]);
  const definitions =
    names.size === 0
      ? []
      : await Promise.all(
          flows.items.map(async (flow) => (await api('flows.get', { params: { id: flow.id } })).definition),
        );
  return {
    // A view that chooses no columns shows every new field.
    views: views.items.filter((view) => mentions(view, names) || (diff.added.length > 0 && view.columns.length === 0))
      .length,
    flows: definitions.filter((definition) => mentions(definition, names)).length,
    dashboards: dashboards.items.filter((dashboard) => mentions(dashboard, names)).length,
  };
}

/** How many views, flows and dashboards name a field that publishing changes or removes. */
export function useImpact(form: FormView, diff: DesignDiff, enabled: boolean) {
  const touched = [...diff.removed, ...diff.changed.map((change) => change.after)].map((field) => field.uid);
  return useQuery({
    queryKey: [...keys.form(form.id), 'impact', form.version, touched, diff.added.length > 0],
    queryFn: () => impactOf(form, diff),
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
