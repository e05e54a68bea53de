import type { Json } from '@lianke/shared/json';
import type { SharedPage } from '@lianke/shared/record-links/api';
import type { RecordView } from '@lianke/shared/records/query';
import type { FormAccess } from '../access/form-access.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { ownFields } from '../forms/subform-meta.js';
import { printText } from '../print/print-text.js';
import { sectionFields } from '../print/section-fields.js';

type Shown = Pick<SharedPage, 'sections' | 'tables'>;
type Cell = SharedPage['tables'][number]['rows'][number][number];

/** A record in words: the chosen fields, in the order of the form's design. */
export function sharedView(
  form: FormMeta,
  record: RecordView,
  fields: readonly FieldMeta[],
  accessOf: (form: FormMeta) => FormAccess,
  timeZone: string,
): Shown {
  const cell = (field: FieldMeta, value: Json | undefined): Cell => {
    const files = filesOf(field, value);
    return { text: files.length > 0 ? '' : printText(field, value, timeZone, '单位'), files };
  };
  const tables = fields.flatMap((field) => {
    const { part } = field;
    const rows = part ? rowsOf(record.values[field.key]) : [];
    if (!part || rows.length === 0) return [];
    const columns = ownFields(part).filter((inner) => accessOf(part).sees(inner));
    return [
      {
        name: field.name,
        columns: columns.map(({ name }) => name),
        rows: rows.map((row) => columns.map((column) => cell(column, row[column.key]))),
      },
    ];
  });
  const sections = sectionFields(form, fields).map(({ title, fields: own }) => ({
    title,
    fields: own.map((field) => ({ name: field.name, ...cell(field, record.values[field.key]) })),
  }));
  return { sections, tables };
}

/** Ids of all files that the page shows. */
export function filesIn({ sections, tables }: Shown): Set<string> {
  const cells = [...sections.flatMap(({ fields }) => fields), ...tables.flatMap(({ rows }) => rows.flat())];
  return new Set(cells.flatMap(({ files }) => files.map(({ id }) => id)));
}

function filesOf(field: FieldMeta, value: Json | undefined): Cell['files'] {
  if (field.type.refers !== 'file') return [];
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? [
          {
            id: String(item.id),
            name: String(item.name ?? ''),
            size: Number(item.size ?? 0),
            image: String(item.mime ?? '').startsWith('image/'),
          },
        ]
      : [],
  );
}

function rowsOf(value: Json | undefined): Record<string, Json>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((row) => {
    const values = row && typeof row === 'object' && !Array.isArray(row) ? row.values : undefined;
    return values && typeof values === 'object' && !Array.isArray(values) ? [values] : [];
  });
}
