import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { Json } from '@lianke/shared/json';
import { remembering } from './remember.js';

/** A unique field by which cells name the records of a form. */
export interface MatchKey {
  fieldKey: string;
  fieldName: string;
  type: FieldTypeName;
  /** A cell as the lookup compares it; empty when it names nothing. */
  read(cell: SheetCell): string;
}

/** Field types whose single values may name a record. */
export const matchKeyTypes: readonly FieldTypeName[] = [
  'text',
  'autonumber',
  'phone',
  'email',
  'number',
  'barcode',
  'creditCode',
];

export function matchKey(
  field: { key: string; name: string; type: FieldTypeName; config: Record<string, Json> },
  timeZone: string,
): MatchKey {
  const own = { fieldKey: field.key, fieldName: field.name, type: field.type };
  if (field.type === 'text') return { ...own, read: (cell) => bare(cellText(cell)) };
  if (field.type === 'autonumber') return { ...own, read: (cell) => cellText(cell).trim() };
  const reader = remembering(sheetFormats[field.type].reader(field.config as never, { timeZone }));
  return {
    ...own,
    read: (cell) => {
      const { value } = reader(cell);
      return value === null ? '' : String(value);
    },
  };
}
