import { type Filter, filter as filterSchema } from '@lianke/shared/filter/ast';
import type { SavedView, ViewGroup } from '@lianke/shared/forms/views';
import type { FormId } from '@lianke/shared/ids';
import type { SortItem } from '@lianke/shared/records/query';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, keys } from '../api/queries.js';
import { bothOf, topLevel } from '../shared/filter-model.js';
import { useDebounced } from '../shared/use-debounced.js';
import { usePersistent } from '../shared/use-persistent.js';
import { type Column, type ColumnChoice, columnsOf, withDeleted } from './columns.js';
import { useFormState, useGridStore, type ViewDraft } from './grid-store.js';

/** The key under which the form's own list (no saved view) keeps its draft. */
export const allView = 'all';

/** A filter out of the address; undefined when there is none or it is malformed. */
export function readDrill(text: string | null): Filter | undefined {
  if (!text) return undefined;
  try {
    const parsed = filterSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const noGroups: readonly ViewGroup[] = [];

export interface Grid {
  form: FormView;
  views: readonly SavedView[];
  view: SavedView | undefined;
  chooseView: (id: string | null) => void;
  /** What the view filters by as it stands, drafts included. */
  filter: Filter | undefined;
  setFilter: (filter: Filter | undefined) => void;
  sort: readonly SortItem[];
  setSort: (sort: SortItem[]) => void;
  /** Up to two levels of groups, the outermost first. */
  groups: readonly ViewGroup[];
  setGroups: (groups: ViewGroup[]) => void;
  /** The draft differs from the saved view. */
  dirty: boolean;
  reset: () => void;
  /** Filter handed over by a dashboard in the address. */
  drill: Filter | undefined;
  clearDrill: () => void;
  /** Recycle bin instead of live records. */
  deleted: boolean;
  showDeleted: (deleted: boolean) => void;
  search: string;
  setSearch: (text: string) => void;
  clearAll: () => void;
  columns: Column[];
  choice: ColumnChoice;
  setChoice: (choice: ColumnChoice) => void;
  /** What the list asks of the server. */
  query: { filter?: Filter; search?: string };
}

/** Saved views of a form. */
export function useViews(formId: string) {
  return useQuery({
    queryKey: keys.views(formId),
    queryFn: async () => (await api('views.list', { params: { formId: formId as FormId } })).items,
  });
}

/** Everything a list of records is: view, unsaved changes, search, columns, and the query they make. */
export function useGrid(form: FormView, views: readonly SavedView[]): Grid {
  const [params, setParams] = useSearchParams();
  const state = useFormState(form.id);
  const { patch, draft: setDraft } = useGridStore.getState();
  const view = views.find((item) => item.id === params.get('view'));
  const viewKey = view?.id ?? allView;
  // A locked view is what its designer made of it, on every screen.
  const locked = view?.locked ?? false;
  const draft = (!locked && state.drafts[viewKey]) || {};
  // A view saved without conditions holds an empty "and".
  const saved = topLevel(view?.filter).length > 0 ? view?.filter : undefined;
  const filter = draft.filter === undefined ? saved : (draft.filter ?? undefined);
  const sort = draft.sort ?? view?.sort ?? [];
  const groups = draft.groups ?? view?.look.groups ?? noGroups;
  const drillText = params.get('filter');
  const drill = useMemo(() => readDrill(drillText), [drillText]);
  const deleted = params.get('deleted') === '1';
  const [choice, setChoice] = usePersistent<ColumnChoice>(`columns.${form.id}.${viewKey}`, {});
  const { t } = useTranslation('records');
  const columns = useMemo(() => {
    const { widths, frozen } = view?.look ?? {};
    const own: ColumnChoice = { ...(widths ? { widths } : {}), ...(frozen ? { frozen } : {}) };
    const list = columnsOf(form, view?.columns ?? [], locked ? own : { ...own, ...choice });
    return deleted ? withDeleted(list, { at: t('deletedAt'), by: t('deletedBy') }) : list;
  }, [form, view?.columns, view?.look, choice, locked, deleted, t]);
  const search = useDebounced(state.search.trim(), 250);

  const put = useCallback(
    (change: Record<string, string | null>) =>
      setParams((now) => {
        const next = new URLSearchParams(now);
        for (const [key, value] of Object.entries(change)) {
          if (value === null) next.delete(key);
          else next.set(key, value);
        }
        return next;
      }),
    [setParams],
  );
  const change = (part: ViewDraft) => setDraft(form.id, viewKey, part);
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const query = useMemo(() => {
    const whole = bothOf(filter, drill);
    return { ...(whole ? { filter: whole } : {}), ...(search ? { search } : {}) };
  }, [filter, drill, search]);

  return {
    form,
    views,
    view,
    chooseView: (id) => put({ view: id, deleted: null }),
    filter,
    setFilter: (next) => change({ filter: next ?? null }),
    sort,
    setSort: (next) => change({ sort: next }),
    groups,
    setGroups: (next) => change({ groups: next }),
    dirty: !same(filter, saved) || !same(sort, view?.sort ?? []) || !same(groups, view?.look.groups ?? []),
    reset: () => setDraft(form.id, viewKey, null),
    drill,
    clearDrill: () => put({ filter: null }),
    deleted,
    showDeleted: (next) => put({ deleted: next ? '1' : null }),
    search: state.search,
    setSearch: (text) => patch(form.id, { search: text }),
    clearAll: () => {
      change({ filter: null });
      patch(form.id, { search: '' });
      put({ filter: null });
    },
    columns,
    choice,
    setChoice,
    query,
  };
}
