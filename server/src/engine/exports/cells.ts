import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import type { SheetCell, SheetWriteContext } from '@lianke/shared/fields/sheet-types';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { FieldMeta } from '../forms/form-meta.js';

/** A record's cells in the order of the columns: numbers and dates as such, references by name. */
export function cellsOf(record: RecordView, fields: readonly FieldMeta[], timeZone: string): SheetCell[] {
  const names = new Map<string, string>();
  const context: SheetWriteContext = { timeZone, nameOf: (id) => names.get(id) ?? '' };
  return fields.map((field) => {
    const value = bare(field, record.values[field.key] ?? null, names);
    return value === null ? null : sheetFormats[field.typeName].write(value, field.config, context);
  });
}

/** The canonical value behind what a reader gets; what references are called goes to `names`. */
function bare(field: FieldMeta, value: Json, names: Map<string, string>): Json {
  if (field.storage !== 'uuid' && field.storage !== 'uuid[]') return value;
  if (Array.isArray(value)) return value.map((item) => idOf(item, names));
  return idOf(value, names);
}

function idOf(value: Json, names: Map<string, string>): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || typeof value.id !== 'string') return value;
  names.set(value.id, String(value.label ?? value.name ?? ''));
  return value.id;
}

/** Ids as text, wide enough to be read. */
export const idColumn = { width: 38, format: '@' } as const;

/** How a spreadsheet shows a column; text columns are text, so that leading zeros and long numbers stay. */
export function formatOf(field: FieldMeta): string {
  if (field.storage === 'date') return 'yyyy-mm-dd';
  if (field.storage === 'timestamptz') return 'yyyy-mm-dd hh:mm';
  if (field.storage !== 'numeric') return field.storage === 'boolean' ? 'General' : '@';
  if (field.typeName !== 'money') return 'General';
  const { decimals } = field.config as { decimals?: number };
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals ?? 2)}`;
}

/** Characters wide, by what the column holds and is called. */
export function widthOf(field: FieldMeta): number {
  const header = [...field.name].length * 2 + 2;
  const usual =
    field.storage === 'date' ? 12 : field.storage === 'timestamptz' ? 18 : field.typeName === 'text' ? 24 : 14;
  return Math.min(60, Math.max(header, usual));
}
