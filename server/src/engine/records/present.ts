import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { type Labels, masked } from './labels.js';
import type { ReadScope } from './sql/read-scope.js';

/** A row as it leaves through the API. */
export function present(
  form: FormMeta,
  columns: readonly FieldMeta[],
  row: Record<string, unknown>,
  labels: Labels,
  scope: ReadScope,
): RecordView {
  const values: Record<string, Json> = {};
  const access = scope.accessOf(form);
  const shown = (field: FieldMeta) => {
    const raw = row[field.column.slice(1, -1)];
    return access.masks(field) ? masked(field, raw) : labels.value(field, raw);
  };
  for (const field of columns) values[field.key] = shown(field);
  const title = form.title && access.mayRead(form.title) ? shown(form.title) : undefined;
  return {
    id: row.id as string,
    version: row.version as number,
    label: typeof title === 'string' ? title : '',
    values,
    ...(row.deleted_at ? { deletedAt: row.deleted_at as string } : {}),
  };
}
