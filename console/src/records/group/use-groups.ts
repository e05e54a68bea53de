import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { AggregateItem, RecordView } from '@lianke/shared/records/query';
import { keepPreviousData, type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { keys, type ReadField } from '../../api/queries.js';
import { bothOf, fieldOf } from '../../shared/filter-model.js';
import type { GridItem } from '../grid/items.js';
import type { Grid } from '../use-grid.js';
import { sumFields } from '../use-records.js';
import { groupFilter, groupsRead, inOrder, unitOf, type ViewGroup } from './group-model.js';

interface Level {
  field: ReadField;
  group: ViewGroup;
}

interface Found {
  items: RecordView[];
  cursor: string | null;
}

/** A group that is open, and the condition of its records. */
interface Node {
  key: string;
  filter: Filter | undefined;
}

export interface Groups {
  /** Rows on screen in order; undefined when the list is not grouped. */
  rows: GridItem[] | undefined;
  records: RecordView[];
  error: unknown;
  loading: boolean;
  /** Not all groups are shown. */
  cut: boolean;
  toggle: (key: string) => void;
  /** Reads the groups themselves again. */
  reload: () => void;
  /** Reads more records of the group that a waiting row belongs to. */
  more: (key: string) => void;
  /** Reads again what of a group could not be read. */
  retry: (key: string) => void;
  openAll: (open: boolean) => void;
}

const pageSize = 100;
/** So few groups are open from the start. */
const openFirst = 12;

/** Records by groups: counts and sums from SQL under the reader's rights, records read page by page inside open groups. */
export function useGroups(grid: Grid, fields: string[], grouped: boolean): Groups {
  const { form, query } = grid;
  const client = useQueryClient();
  const levels = grid.groups.flatMap((group): Level[] => {
    const field = fieldOf(form.fields, group.field);
    return field ? [{ field, group }] : [];
  });
  const setting = JSON.stringify(grid.groups);
  /** Groups that a person opened or closed, and pages read of each. */
  const [touched, setTouched] = useState<Record<string, boolean>>({});
  const [pages, setPages] = useState<Record<string, number>>({});
  const sums = useMemo(() => sumFields(grid.columns), [grid.columns]);

  const bodyOf = (level: Level | undefined, filter: Filter | undefined) => {
    const whole = bothOf(query.filter, filter);
    const unit = level && unitOf(level.field, level.group);
    return {
      ...(whole ? { filter: whole } : {}),
      ...(query.search ? { search: query.search } : {}),
      groupBy: level ? [{ field: level.field.id as string, ...(unit ? { unit } : {}) }] : [],
      metrics: [
        { fn: 'count' as const, as: 'n' },
        ...sums.map((field, index) => ({ fn: 'sum' as const, field: field.key, as: `s${index}` })),
      ],
      sort: [{ field: 'group0', dir: 'asc' as const }],
      limit: groupsRead,
    };
  };
  const read = (level: Level | undefined, filter: Filter | undefined) => {
    const body = bodyOf(level, filter);
    return {
      queryKey: keys.data(form.id, 'groups', body),
      queryFn: async () => (await api('records.aggregate', { params: { formId: form.id as FormId }, body })).items,
      placeholderData: keepPreviousData,
    };
  };

  const [first, second] = levels;
  const top = useQuery({ ...read(first, undefined), enabled: grouped });
  const outer = useMemo(
    () => (first && top.data ? inOrder(first.field, first.group.dir, top.data, 0) : []),
    [first, top.data],
  );
  const keyOf = (item: AggregateItem, above = '') => `${setting}${above}/${JSON.stringify(idOf(item.groups[0]))}`;
  const few = outer.length <= openFirst;
  const isOpen = (key: string, usual: boolean) => touched[key] ?? usual;

  const opened: (Node & { item: AggregateItem })[] = first
    ? outer
        .map((item) => ({ item, key: keyOf(item), filter: filterOf(first, item) }))
        .filter(({ key }) => isOpen(key, few))
    : [];
  const inner = useQueries({
    queries: second ? opened.map((node) => ({ ...read(second, node.filter), enabled: grouped })) : [],
  });
  const below = opened.map((node, index) => ({
    node,
    error: inner[index]?.error,
    items: second && inner[index]?.data ? inOrder(second.field, second.group.dir, inner[index].data, 0) : undefined,
  }));
  const leaves: Node[] = second
    ? below.flatMap(({ node, items }) =>
        (items ?? [])
          .map((item) => ({ key: keyOf(item, node.key), filter: bothOf(node.filter, filterOf(second, item)) }))
          .filter(({ key }) => isOpen(key, few)),
      )
    : opened;
  const sort = [...grid.sort];
  const asked = leaves.map((leaf) => {
    const whole = bothOf(query.filter, leaf.filter);
    const body = {
      ...(whole ? { filter: whole } : {}),
      ...(query.search ? { search: query.search } : {}),
      sort,
      fields,
      limit: pageSize,
      total: false as const,
    };
    const count = pages[leaf.key] ?? 1;
    return { body, count, key: (n: number) => keys.data(form.id, 'grid', 'group', body, n) };
  });
  const lists = useQueries({
    queries: asked.map(({ body, count, key }) => ({
      queryKey: key(count),
      queryFn: () => readPages(client, key(count - 1), form.id, body, count),
      placeholderData: keepPreviousData,
      enabled: grouped,
    })),
  });
  // Pages read before stay when the next one fails.
  const found = new Map(
    leaves.map((leaf, index) => {
      const page = asked[index];
      const before = page && client.getQueryData<Found>(page.key(page.count - 1));
      return [leaf.key, lists[index]?.data ?? before];
    }),
  );
  const failed = new Map(leaves.map((leaf, index) => [leaf.key, lists[index]?.error]));

  const rows: GridItem[] = [];
  const head = (level: Level, item: AggregateItem, key: string, depth: number, open: boolean): void => {
    const sumOf: Record<string, string> = {};
    sums.forEach((field, index) => {
      const value = item.metrics[`s${index}`];
      if (value !== null && value !== undefined) sumOf[field.key] = String(value);
    });
    rows.push({
      kind: 'group',
      key,
      level: depth,
      field: level.field,
      value: (item.groups[0] ?? null) as Json,
      unit: unitOf(level.field, level.group),
      count: Number(item.metrics.n ?? 0),
      sums: sumOf,
      open,
    });
  };
  const list = (key: string): void => {
    const page = found.get(key);
    for (const record of page?.items ?? []) rows.push({ kind: 'record', record, group: key });
    const error = failed.get(key);
    if (error) rows.push({ kind: 'failed', key, error });
    else if (!page || page.cursor !== null) rows.push({ kind: 'wait', key });
  };
  if (first)
    for (const item of outer) {
      const key = keyOf(item);
      const open = isOpen(key, few);
      head(first, item, key, 0, open);
      if (!open) continue;
      if (!second) {
        list(key);
        continue;
      }
      const { items, error } = below.find(({ node }) => node.key === key) ?? {};
      if (!items && error) rows.push({ kind: 'failed', key, error });
      else if (!items) rows.push({ kind: 'wait', key: `${key}/…` });
      for (const each of items ?? []) {
        const under = keyOf(each, key);
        const openHere = isOpen(under, few);
        head(second, each, under, 1, openHere);
        if (openHere) list(under);
      }
    }

  const heads = rows.flatMap((row) => (row.kind === 'group' ? [row] : []));
  return {
    rows: grouped ? rows : undefined,
    records: rows.flatMap((row) => (row.kind === 'record' ? [row.record] : [])),
    error: top.data ? undefined : top.error,
    loading: grouped && top.isPending,
    cut: outer.length >= groupsRead,
    reload: () => void top.refetch(),
    toggle: (key) => {
      const open = heads.find((row) => row.key === key)?.open ?? false;
      setTouched((now) => ({ ...now, [key]: !open }));
    },
    more: (key) => {
      const at = leaves.findIndex((leaf) => leaf.key === key);
      if (at < 0 || lists[at]?.isFetching || found.get(key)?.cursor == null) return;
      setPages((now) => ({ ...now, [key]: (now[key] ?? 1) + 1 }));
    },
    retry: (key) => {
      const leaf = leaves.findIndex((node) => node.key === key);
      const node = opened.findIndex((other) => other.key === key);
      void (leaf >= 0 ? lists[leaf] : inner[node])?.refetch();
    },
    openAll: (open) => setTouched(Object.fromEntries(heads.map((row) => [row.key, open]))),
  };
}

function filterOf(level: Level, item: AggregateItem): Filter {
  return groupFilter(level.field, unitOf(level.field, level.group), (item.groups[0] ?? null) as Json);
}

function idOf(key: AggregateItem['groups'][number] | undefined): Json {
  return typeof key === 'object' && key !== null ? key.id : (key ?? null);
}

type Body = { sort: unknown; fields: string[]; limit: number; total: false; filter?: Filter; search?: string };

/** The first `count` pages; those that were read already are kept unless something changed since. */
async function readPages(
  client: QueryClient,
  before: readonly unknown[],
  formId: string,
  body: Body,
  count: number,
): Promise<Found> {
  const state = client.getQueryState<Found>(before);
  let found: Found | undefined = state?.data && !state.isInvalidated ? state.data : undefined;
  for (let page = found ? count - 1 : 0; page < count; page++) {
    const cursor: string | undefined = found?.cursor ?? undefined;
    const answer = await api('records.query', {
      params: { formId: formId as FormId },
      body: { ...body, sort: body.sort as never, ...(cursor ? { cursor } : {}) },
    });
    found = { items: [...(found?.items ?? []), ...answer.items], cursor: answer.cursor };
    if (answer.cursor === null) break;
  }
  return found ?? { items: [], cursor: null };
}
