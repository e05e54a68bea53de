import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { Json } from '@lianke/shared/json';
import { recordIdHeader } from '@lianke/shared/records/exports';
import type { RecordView } from '@lianke/shared/records/query';
import type { FormAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { ownFields, parentKey, positionKey } from '../forms/subform-meta.js';
import type { RecordReader } from '../records/record-reader.js';
import { cellsOf } from './cells.js';

/** A column of the file: a field, or a field of a subform's rows. */
export interface ExportColumn {
  header: string;
  /** Null: the id of the row. */
  field: FieldMeta | null;
  /** The subform whose rows fill it. */
  subform?: FieldMeta;
}

/**
 * The columns of these fields; a subform gives one for each field of its rows that the reader sees, and one for their ids with
 * `ids`.
 */
export function columnsOf(
  fields: readonly FieldMeta[],
  accessOf: (part: FormMeta) => FormAccess,
  ids: boolean,
): ExportColumn[] {
  return fields.flatMap((field): ExportColumn[] => {
    const { part } = field;
    if (!part) return [{ header: field.name, field }];
    const inner = readableIn(part, accessOf).map(
      (line): ExportColumn => ({ header: `${field.name}.${line.name}`, field: line, subform: field }),
    );
    if (!ids || inner.length === 0) return inner;
    return [{ header: `${field.name}.${recordIdHeader}`, field: null, subform: field }, ...inner];
  });
}

/** The fields of a subform's rows that the reader sees. */
export function readableIn(part: FormMeta, accessOf: (part: FormMeta) => FormAccess): FieldMeta[] {
  return ownFields(part).filter((inner) => accessOf(part).mayRead(inner));
}

const pageRows = 1000;

/** The rows of a page of records, by subform and record, in their order. */
export async function subformRows(
  reader: RecordReader,
  ctx: TenantContext,
  subforms: readonly FieldMeta[],
  records: readonly RecordView[],
): Promise<Map<string, RecordView[]>> {
  const found = new Map<string, RecordView[]>();
  for (const { id, key, part } of subforms) {
    const holders = records.filter((record) => record.values[key] !== null).map((record) => record.id);
    if (!part || holders.length === 0) continue;
    let cursor: string | undefined;
    do {
      const page = await reader.query(
        ctx,
        part.id,
        {
          filter: { field: parentKey, op: 'in', value: holders },
          sort: [{ field: positionKey, dir: 'asc' }],
          limit: pageRows,
          total: false,
          ...(cursor ? { cursor } : {}),
        },
        'export',
      );
      for (const row of page.items) {
        const place = `${id}/${parentIn(row.values[parentKey])}`;
        found.set(place, [...(found.get(place) ?? []), row]);
      }
      cursor = page.cursor ?? undefined;
    } while (cursor);
  }
  return found;
}

function parentIn(value: Json | undefined): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? String(value.id) : '';
}

/**
 * The lines of one record: the rows of its subforms below one another. Its own cells stand on the first line, or on all
 * with `repeat`: a file that names records is imported again line by line.
 */
export function linesOf(
  record: RecordView,
  columns: readonly ExportColumn[],
  rows: ReadonlyMap<string, readonly RecordView[]>,
  timeZone: string,
  repeat: boolean,
): SheetCell[][] {
  const rowsOf = (subform: FieldMeta) => rows.get(`${subform.id}/${record.id}`) ?? [];
  const count = Math.max(1, ...columns.map(({ subform }) => (subform ? rowsOf(subform).length : 1)));
  return Array.from({ length: count }, (_, line) =>
    columns.map(({ field, subform }): SheetCell => {
      const from = subform ? rowsOf(subform)[line] : line === 0 || repeat ? record : undefined;
      if (!from) return null;
      return field ? (cellsOf(from, [field], timeZone)[0] ?? null) : from.id;
    }),
  );
}
