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

/**
 * Makes of rows what leaves through the API. What decides about their masks has to be among their columns. Whatever is
 * the same in every row of a page is worked out once, before the first.
 */
export function presenter(
  form: FormMeta,
  columns: readonly FieldMeta[],
  labels: Labels,
  scope: ReadScope,
): (row: Record<string, unknown>) => RecordView {
  const access = scope.accessOf(form);
  const read = columns.map((field) => ({ field, key: field.key, at: rowKey(field) }));
  const always = new Set(columns.filter((field) => access.masks(field)));
  const byRow = columns.filter((field) => access.inRows(field));
  const title = form.title && columns.includes(form.title) ? form.title.key : undefined;
  return (row) => {
    const starred = byRow.filter(starsIn(form, scope, (field) => row[rowKey(field)] as Json | undefined));
    const stars = (field: FieldMeta) => always.has(field) || starred.includes(field);
    const values: Record<string, Json> = {};
    for (const { field, key, at } of read) values[key] = presentValue(stars, field, row[at], labels, scope);
    const label = title === undefined ? undefined : values[title];
    return {
      id: row.id as string,
      version: row.version as number,
      label: typeof label === 'string' ? label : '',
      values,
      ...(starred.length > 0 ? { masked: starred.map((field) => field.key) } : {}),
      ...(row.deleted_at ? { deletedAt: row.deleted_at as string } : {}),
    };
  };
}

/** Column names without quotes key the driver's rows. */
export function rowKey(field: { column: string }): string {
  return field.column.slice(1, -1);
}
