import type { FormId } from '@lianke/shared/ids';
import type { RecordQuery } from '@lianke/shared/records/query';
import { api } from '../api/client.js';

/** The list a person came from: its records in order, and how to read on. */
export interface Trail {
  ids: string[];
  query: Pick<RecordQuery, 'filter' | 'search' | 'sort'>;
  /** Where the list goes on; null when these are all. */
  cursor: string | null;
}

const trails = new Map<string, Trail>();

/** Keeps what a list shows, for 上一条 and 下一条 on a record's page; for as long as this tab lives. */
export function keepTrail(formId: string, trail: Trail): void {
  trails.set(formId, trail);
}

/** What stands before and after a record in the list it was opened from. */
export function placeIn(formId: string, recordId: string): { at: number; trail: Trail } | undefined {
  const trail = trails.get(formId);
  const at = trail?.ids.indexOf(recordId) ?? -1;
  return trail && at >= 0 ? { at, trail } : undefined;
}

/** The neighbour's id, reading on in the list's own order where that is needed; undefined at either end. */
export async function neighbour(formId: string, recordId: string, by: 1 | -1): Promise<string | undefined> {
  const place = placeIn(formId, recordId);
  if (!place) return undefined;
  const { at, trail } = place;
  if (by === 1 && at === trail.ids.length - 1 && trail.cursor !== null) {
    const page = await api('records.query', {
      params: { formId: formId as FormId },
      body: { ...trail.query, fields: [], limit: 100, total: false, cursor: trail.cursor },
    });
    keepTrail(formId, { ...trail, ids: [...trail.ids, ...page.items.map((item) => item.id)], cursor: page.cursor });
  }
  return trails.get(formId)?.ids[at + by];
}
