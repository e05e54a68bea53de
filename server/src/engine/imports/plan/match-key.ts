import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell, SheetValue } from '@lianke/shared/fields/sheet-types';
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

export function matchKey(
  field: { key: string; name: string; type: FieldTypeName; config: Record<string, Json> },
  timeZone: string,
): MatchKey {
  const reader = remembering(sheetFormats[field.type].reader(field.config as never, { timeZone }));
  return { fieldKey: field.key, fieldName: field.name, type: field.type, read: comparing(field.type, reader) };
}

/** How cells of a field are compared with what records hold. Of several numbers in one cell the first names the record. */
export function comparing(type: FieldTypeName, reader: (cell: SheetCell) => SheetValue): MatchKey['read'] {
  if (type === 'text') return (cell) => bare(cellText(cell));
  if (type === 'autonumber') return (cell) => cellText(cell).trim();
  return (cell) => {
    const { value } = reader(cell);
    const single = Array.isArray(value) ? (value[0] ?? null) : value;
    return single === null ? '' : String(single);
  };
}
