import type pg from 'pg';
import type { Api } from '../api.js';

/** What a section of the report needs: the system, the database behind it, and the form that is measured. */
export interface ReadBench {
  api: Api;
  pool: pg.Pool;
  /** Path of the form's records below `/api/v1`. */
  records: string;
  appId: string;
  formId: string;
  tenantId: string;
  /** Quoted, schema-qualified table of the form. */
  table: string;
  /** Quoted column of a field key. */
  at(key: string): string;
  note(work: string, lianke: number, base: number | undefined, unit: string, reach: string): void;
}
