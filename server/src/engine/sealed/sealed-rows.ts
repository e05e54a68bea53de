import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import type { FieldMeta } from '../forms/form-meta.js';

/** What a field's column holds for a canonical value. */
export function sealed(field: Pick<FieldMeta, 'cipher'>, value: Json | undefined): Json | undefined {
  return field.cipher && value !== undefined ? field.cipher.seal(value) : value;
}

/** The canonical value of what a field's column holds. */
export function opened(field: Pick<FieldMeta, 'cipher' | 'typeName'>, stored: Json): Json {
  return field.cipher ? field.cipher.open(stored, fieldTypes[field.typeName].storage === 'jsonb') : stored;
}

/** Opens, in place, the encrypted values of rows as read, keyed by column. */
export function openRows(
  fields: readonly Pick<FieldMeta, 'cipher' | 'typeName' | 'column'>[],
  rows: readonly Record<string, unknown>[],
): void {
  for (const field of fields) {
    if (!field.cipher) continue;
    const key = field.column.slice(1, -1);
    for (const row of rows) row[key] = opened(field, (row[key] ?? null) as Json);
  }
}
