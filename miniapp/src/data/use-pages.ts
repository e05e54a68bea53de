import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import { keptValues } from '@lianke/shared/records/kept-values';
import type { SortItem, Total } from '@lianke/shared/records/query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client.js';
import { pressEnded } from '../platform/press.js';
import { readStored, writeStored } from '../platform/storage.js';
import type { ReadField, RecordRow } from './record-types.js';

export interface PageQuery {
  formId: string;
  filter?: Filter;
  sort?: SortItem[];
  search?: string;
  /** Looks into the form's pool (公海) instead of the reader's own records. */
  pool?: true;
}

interface Pages {
  items: RecordRow[];
  cursor: string | null;
  total: Total | undefined;
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
  /** When the first page was read; the stored one's time while offline. */
  at: number;
}

const pageSize = 30;
const longestReload = 200;
const start: Pages = { items: [], cursor: null, total: undefined, state: 'loading', error: null, at: 0 };

/** A list that grows page by page. `persist` keeps the first page on the phone, without what is stored encrypted. */
export function usePages(query: PageQuery | null, persist?: { key: string; fields: readonly ReadField[] }) {
  const [pages, setPages] = useState<Pages>(start);
  const run = useRef(0);
  const more = useRef(false);
  const key = query ? JSON.stringify(query) : '';

  const load = async (cursor: string | null, limit = pageSize): Promise<void> => {
    if (!query) return;
    const current = ++run.current;
    const stored = `cache.pages.${persist?.key}.${key}`;
    try {
      const { formId, pool, ...body } = query;
      const page = await api(pool ? 'pools.query' : 'records.query', {
        params: { formId: formId as FormId },
        body: { ...body, limit, cursor: cursor ?? undefined, total: true },
      });
      await pressEnded();
      if (current !== run.current) return;
      const at = Date.now();
      setPages((old) => ({
        items: cursor === null ? page.items : [...old.items, ...page.items],
        cursor: page.cursor,
        total: page.total ?? old.total,
        state: 'ready',
        error: null,
        at,
      }));
      if (cursor === null && persist) {
        const items = page.items.map((item) => ({ ...item, values: keptValues(persist.fields, item.values) }));
        writeStored(stored, { items, total: page.total, at });
      }
    } catch (error) {
      if (current !== run.current) return;
      const known = cursor === null && persist ? readStored<Pick<Pages, 'items' | 'total' | 'at'>>(stored) : undefined;
      setPages((old) => ({
        ...old,
        ...(old.items.length === 0 && known ? known : {}),
        state: 'failed',
        error,
      }));
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the query's content
  useEffect(() => {
    setPages(start);
    void load(null);
  }, [key]);

  return {
    ...pages,
    /** Reads the shown rows again, as many as there are, so that the place in the list stays. */
    reload: () => load(null, Math.min(longestReload, Math.max(pageSize, pages.items.length))),
    async loadMore() {
      if (!pages.cursor || more.current) return;
      more.current = true;
      await load(pages.cursor);
      more.current = false;
    },
  };
}

/** `312`, or `10,000+`. */
export function totalText(total: Total | undefined): string {
  if (total === undefined) return '';
  return typeof total === 'number' ? String(total) : `${total.atLeast}+`;
}
