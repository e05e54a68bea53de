import type { FormAction } from '@lianke/shared/forms/definition';
import type { BatchId, RecordId } from '@lianke/shared/ids';
import type { BatchResult } from '@lianke/shared/records/write';
import type { Tx } from '../../../kernel/database/tx.js';
import { languageIn, type TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { Org } from '../../org/org-directory.js';
import type { StoredValues, WriteRequest, WriteRow } from '../contracts.js';
import type { ReadScope } from '../sql/read-scope.js';
import { type PreparedRow, type PrepareEnv, prepareRow } from './prepare.js';
import { type RowRefusal, refused } from './results.js';
import { violatesScope } from './scope-check.js';

/** A row of the request with its place in it. */
export interface IndexedRow {
  row: WriteRow;
  index: number;
}

/** State of one request on its way through. */
export interface Work {
  tx: Tx;
  ctx: TenantContext;
  request: WriteRequest;
  form: FormMeta;
  scope: ReadScope;
  org: Org;
  batchId: BatchId;
  now: Date;
  results: BatchResult[];
  refusals: Map<number, RowRefusal>;
  /** Events were written for flows or webhooks. */
  events: boolean;
  /** Nothing but the write itself happens in its transaction, so that COMMIT may be sent along with it. */
  alone: boolean;
  /** After-images by place in the request, kept for requests of one row. */
  images: Map<number, StoredValues>;
  /** `count` texts of an autonumber field. */
  numbers(field: FieldMeta, count: number): Promise<string[]>;
  /** Deletes records of another form as part of this write. */
  cascade(form: FormMeta, ids: RecordId[]): Promise<void>;
}

/** Keeps what a single row became, for the answer to its writer. */
export function keepImage(work: Work, index: number, values: () => StoredValues): void {
  if (work.request.rows.length === 1) work.images.set(index, values());
}

/** Checks the rows' own values; faults are noted on them, nothing is refused yet. */
export function prepareRows(work: Work, rows: readonly IndexedRow[], newId?: () => RecordId): PreparedRow[] {
  const env = prepareEnv(work);
  return rows.map(({ row, index }) => prepareRow(env, row, index, newId));
}

export function prepareEnv(work: Work): PrepareEnv {
  return {
    ctx: work.ctx,
    form: work.form,
    access: work.scope.accessOf(work.form),
    accessOf: (form) => work.scope.accessOf(form),
    org: work.org,
    now: work.now,
    trusted: Boolean(work.request.trusted),
    ownedBy: work.request.ownedBy,
  };
}

export function refuse(work: Work, row: { index: number; id: string | null }, refusal: RowRefusal): void {
  work.refusals.set(row.index, refusal);
  work.results.push(refused(row.index, refusal, languageIn(work.ctx), row.id));
}

/** Rows without field errors; the others are refused. */
export function standing(work: Work, rows: readonly PreparedRow[]): PreparedRow[] {
  return rows.filter((row) => {
    if (row.errors.length === 0) return true;
    const id = row.clientId ? row.id : null;
    refuse(work, { index: row.index, id }, { code: 'validation_failed', fields: row.errors });
    return false;
  });
}

/** False, and refused, when the row would lie outside of what its writer may touch. */
export function inScope(
  work: Work,
  action: FormAction,
  index: number,
  after: StoredValues,
  id: string | null = null,
): boolean {
  if (!violatesScope(work.form, work.scope, action, after)) return true;
  refuse(work, { index, id }, { code: 'outside_scope' });
  return false;
}
