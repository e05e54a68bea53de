import type { RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import type { BatchResult } from '@lianke/shared/records/write';
import type { Tx } from '../../kernel/database/tx.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';
import type { StoredValues } from './contracts.js';
import { hasReferences, Labels, labelsFor } from './labels.js';
import { presenter, rowKey } from './present.js';
import type { ReadScope } from './sql/read-scope.js';

/** What a write of one record made of it. */
export interface WrittenRecord {
  id: RecordId;
  version: number;
  status: BatchResult['status'];
  /** What the record holds now, and the rights of its writer; absent when an earlier create was repeated. */
  image?: { form: FormMeta; scope: ReadScope; org: Org; values: StoredValues };
}

/**
 * The record as its writer may read it, without reading it again: only the names of related records and files are
 * looked up. A writer who may not view the form learns id and version.
 * @param inTransaction runs a look-up; called at most once
 */
export async function writtenView(
  written: WrittenRecord & Required<Pick<WrittenRecord, 'image'>>,
  inTransaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<RecordView> {
  const { form, scope, org, values } = written.image;
  const access = scope.accessOf(form);
  const columns = access.may('view') ? form.fields.filter((field) => access.mayRead(field)) : [];
  const row: Record<string, unknown> = { id: written.id, version: written.version };
  for (const field of [...columns, ...access.decidersOf(form, columns)]) row[rowKey(field)] = values[field.id] ?? null;
  const labels = hasReferences(columns, [row])
    ? await inTransaction((tx) => labelsFor(tx, columns, [row], scope, org))
    : new Labels(org, new Map(), new Map());
  return presenter(form, columns, labels, scope)(row);
}
