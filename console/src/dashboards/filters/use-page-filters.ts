import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import {
  initialValues,
  type PageFilterValues,
  pageFilterValues,
  usualFilters,
} from '@lianke/shared/dashboards/page-filters';
import { useSearchParams } from 'react-router-dom';

/** The values in the address, so that a link shows what its sender saw; undefined where it names none. */
function valuesIn(text: string | null): PageFilterValues | undefined {
  if (text === null) return undefined;
  try {
    const parsed = pageFilterValues.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A page's filters with what the reader chose, which stands in the page's address. */
export function usePageFilters(def: DashboardDefinition | undefined) {
  const [search, setSearch] = useSearchParams();
  const filters = def?.filters ?? usualFilters;
  const chosen = valuesIn(search.get('filters'));
  const put = (values: PageFilterValues | undefined) =>
    setSearch(
      (old) => {
        if (values === undefined) old.delete('filters');
        else old.set('filters', JSON.stringify(values));
        return old;
      },
      { replace: true },
    );
  return {
    filters,
    /** What the server is asked with; undefined for what the page opens with. */
    chosen,
    values: chosen ?? initialValues(filters),
    put: (values: PageFilterValues) =>
      put(JSON.stringify(values) === JSON.stringify(initialValues(filters)) ? undefined : values),
    reset: chosen === undefined ? undefined : () => put(undefined),
  };
}
