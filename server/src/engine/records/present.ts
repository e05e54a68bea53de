import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { isRowsState } from '@lianke/shared/records/rows';
import type { RowValue } from '../access/row-rights.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { ownFields } from '../forms/subform-meta.js';
import { type Labels, masked } from './labels.js';
import type { ReadScope } from './sql/read-scope.js';
import { holdsRows, type StoredRow, storedRows } from './subform-rows.js';

/** Which fields of one row leave with stars. */
export type Stars = (field: FieldMeta) => boolean;

/** Those that the reader sees masked in a row of the form with these values. */
export function starsIn(form: FormMeta, scope: ReadScope, value: RowValue): Stars {
  const access = scope.accessOf(form);
  return (field) => access.masksIn(form, field, value, scope.env);
}

/** A canonical value as it leaves, with stars where the reader sees no more: rows of subforms by the keys of their fields, without those the reader may not see. */
export function presentValue(stars: Stars, field: FieldMeta, raw: unknown, labels: Labels, scope: ReadScope): Json {
  const { part } = field;
  if (stars(field)) return masked(field, raw);
  if (part && isRowsState(raw))
    return raw.rows.map(({ at, ...row }) => ({ ...presentRow(part, row, labels, scope), at }));
  if (part && holdsRows(raw)) return storedRows(raw).map((row) => presentRow(part, row, labels, scope));
  return labels.value(field, raw);
}

function presentRow(part: FormMeta, row: StoredRow, labels: Labels, scope: ReadScope) {
  const values: Record<string, Json> = {};
  const stars = starsIn(part, scope, () => undefined);
  for (const field of ownFields(part))
    if (scope.accessOf(part).mayRead(field))
      values[field.key] = presentValue(stars, field, row.values[field.id], labels, scope);
  return { id: row.id, values };
}

/** A row as it leaves through the API. What decides about its masks has to be among its columns. */
export function present(
  form: FormMeta,
  columns: readonly FieldMeta[],
  row: Record<string, unknown>,
  labels: Labels,
  scope: ReadScope,
): RecordView {
  const values: Record<string, Json> = {};
  const access = scope.accessOf(form);
  const raw = (field: FieldMeta) => row[field.column.slice(1, -1)];
  const stars = starsIn(form, scope, (field) => raw(field) as Json | undefined);
  const shown = (field: FieldMeta) => presentValue(stars, field, raw(field), labels, scope);
  for (const field of columns) values[field.key] = shown(field);
  const title = form.title && access.mayRead(form.title) ? shown(form.title) : undefined;
  const here = columns.filter((field) => access.inRows(field) && stars(field)).map((field) => field.key);
  return {
    id: row.id as string,
    version: row.version as number,
    label: typeof title === 'string' ? title : '',
    values,
    ...(here.length > 0 ? { masked: here } : {}),
    ...(row.deleted_at ? { deletedAt: row.deleted_at as string } : {}),
  };
}
