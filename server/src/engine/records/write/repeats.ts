import { hash } from 'node:crypto';
import type { Json } from '@lianke/shared/json';
import { memberOf } from '../../context.js';
import type { StoredValues } from '../contracts.js';
import { changeTable } from '../history.js';
import type { PreparedRow } from './prepare.js';
import { refuse, type Work } from './work.js';

/** What a create marker of history keeps of an earlier create with the client's own id. */
export interface EarlierCreate {
  hash: Json;
  actor: string | null;
}

/** Earlier creates of the rows that bring an id of their own. */
export async function earlierCreates(work: Work, rows: readonly PreparedRow[]): Promise<Map<string, EarlierCreate>> {
  const ids = rows.filter((row) => row.clientId).map((row) => row.id);
  if (ids.length === 0) return new Map();
  const found = await work.tx.sql<{
    record_id: string;
    changes: Record<string, Json[]> | null;
    actor_id: string | null;
  }>(
    `SELECT record_id, changes, actor_id FROM ${changeTable(work.form)} WHERE record_id = ANY($1::uuid[]) AND kind = 'create'`,
    [ids],
  );
  return new Map(found.map((row) => [row.record_id, { hash: row.changes?.['#']?.[0] ?? null, actor: row.actor_id }]));
}

/** The same id sent again by the same actor with the same content answers the first result, for ever. */
export function answerRepeat(work: Work, row: PreparedRow, known: ReadonlyMap<string, EarlierCreate>): boolean {
  const earlier = known.get(row.id);
  if (!earlier) return false;
  const same = work.request.knownById || earlier.hash === contentHash(row.given);
  if (same && earlier.actor === memberOf(work.ctx))
    work.results.push({ index: row.index, status: 'created', id: row.id, version: 1 });
  else refuse(work, { index: row.index, id: null }, { code: 'different_content' });
  return true;
}

/** The marker of a create that brings its own id, where the id alone does not say that it is the same. */
export function contentMark(work: Work, row: PreparedRow): Record<string, [Json, Json]> | null {
  return row.clientId && !work.request.knownById ? { '#': [contentHash(row.given), null] } : null;
}

function contentHash(values: StoredValues): string {
  const entries = Object.keys(values)
    .sort()
    .map((id) => [id, values[id] ?? null]);
  return hash('sha256', JSON.stringify(entries), 'base64url');
}
