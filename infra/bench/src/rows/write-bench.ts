import type pg from 'pg';
import type { Api } from '../api.js';

/** What the rows about writing work with. */
export interface WriteBench {
  api: Api;
  /** The superuser, for counting. */
  pool: pg.Pool;
  origin: URL;
  headers: Record<string, string>;
  member: { id: string; tenantId: string };
  /** @param compared the same work of the thin server; both in `unit` */
  note(work: string, lianke: number, compared: number | undefined, unit: string, reach: string): void;
}
