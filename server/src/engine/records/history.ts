import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';
import { openImage } from '../sealed/sealed-images.js';
import { fitting } from './earlier-types.js';
import { labelsFor } from './labels.js';
import { presentValue, type Stars } from './present.js';
import type { ReadScope } from './sql/read-scope.js';

export interface ChangeRow {
  id: string;
  form_id: FormId;
  record_id: RecordId;
  kind: HistoryEntry['kind'];
  at: string;
  actor_id: string | null;
  actor_kind: string;
  door: string;
  batch_id: string | null;
  version: number;
  changes: Record<string, [Json, Json]> | null;
}

const pageSize = 50;

export function changeTable(form: { tenantId: string }): string {
  return `${ident(tenantName(form.tenantId))}.record_change`;
}

/** One page of a record's changes, newest first. The cursor is the last entry's id (uuid v7 sorts by time). */
export async function historySql(
  tx: Tx,
  form: FormMeta,
  recordId: RecordId,
  cursor: string | undefined,
): Promise<{ rows: ChangeRow[]; cursor: string | null }> {
  if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor)) throw new AppError('invalid_cursor');
  const rows = await tx.sql<ChangeRow>(
    `SELECT * FROM ${changeTable(form)} WHERE record_id = $1 AND form_id = $2 AND ($3::uuid IS NULL OR id < $3::uuid) ORDER BY id DESC LIMIT ${pageSize + 1}`,
    [recordId, form.id, cursor ?? null],
  );
  const page = rows.slice(0, pageSize).map((row) => ({ ...row, changes: openImage(form, row.changes) }));
  return { rows: page, cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null };
}

/** Changes as the reader may see them: hidden and removed fields are left out. @param stars which fields the record has masked for him now */
export async function historyEntries(
  tx: Tx,
  form: FormMeta,
  rows: readonly ChangeRow[],
  scope: ReadScope,
  org: Org,
  stars: Stars,
): Promise<HistoryEntry[]> {
  const access = scope.accessOf(form);
  const columns = new Map<string, FieldMeta>(
    form.fields.filter((field) => access.mayRead(field)).map((field) => [field.id, field]),
  );
  const told = rows.map((row) =>
    Object.entries(row.changes ?? {}).flatMap(([id, [before, after]]) => {
      const field = columns.get(id);
      return field ? [{ field, before: fitting(form, field, before), after: fitting(form, field, after) }] : [];
    }),
  );
  const values = told.flatMap((changes) =>
    (['before', 'after'] as const).map((side) =>
      Object.fromEntries(changes.map((change) => [change.field.column.slice(1, -1), change[side]])),
    ),
  );
  const labels = await labelsFor(tx, [...columns.values()], values, scope, org);
  return rows.map((row, index) => ({
    id: row.id,
    kind: row.kind,
    at: row.at,
    actor: { id: row.actor_id, label: row.actor_id ? org.nameOf(row.actor_id) : row.actor_kind },
    door: row.door,
    batchId: row.batch_id,
    changes: (told[index] ?? []).map(({ field, before, after }) => ({
      field: field.key,
      name: field.name,
      before: presentValue(stars, field, before, labels, scope),
      after: presentValue(stars, field, after, labels, scope),
    })),
  }));
}
