import type { Language } from '@lianke/shared/errors/issue-text';
import type { AppId, BatchId, ImportId, MemberId, TenantId } from '@lianke/shared/ids';
import type { ImportCheck, ImportOptions, ImportView, SheetPlan } from '@lianke/shared/imports/api';

/** What the person decided so far. */
export interface StoredPlan {
  sheets: SheetPlan[];
  options: ImportOptions;
}

/** A row of `lianke.import`. */
export interface ImportRow {
  tenant_id: TenantId;
  id: ImportId;
  app_id: AppId;
  file_name: string;
  storage_key: string;
  /** SHA-256 of the file, hexadecimal; null for files of before it was kept. */
  content_hash: string | null;
  state: ImportView['state'];
  plan: StoredPlan;
  revision: number;
  check_result: ImportCheck | null;
  progress_done: number;
  progress_total: number;
  results: ImportView['results'];
  error_rows: number;
  batch_id: BatchId;
  undo: ImportView['undo'];
  error: string | null;
  forms_ready: boolean;
  next_chunk: number;
  cancel_requested: boolean;
  epoch: number;
  created_by: MemberId | null;
  /** Of the person who imports: what is stored of the rows is told in it. */
  language: Language;
  created_at: string;
}

/** A row of a sheet that did not come in; `row` is 0-based. */
export interface FailedRow {
  sheet: number;
  row: number;
  reason: string;
}
