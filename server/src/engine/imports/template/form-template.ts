import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type Cell, type DataValidation, writeXlsx } from 'hucre';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { recordIdKey } from '../plan/record-id.js';
import type { ImportWords } from '../words.js';

/** Rows that drop-down lists reach down to. */
const listedRows = 5000;
/** Characters that a list written into the sheet may have (ECMA-376 18.3.1.32). */
const maxListLength = 255;

/** Values of a sample row whose look says what is asked for in either language. */
const samples: Partial<Record<KnownField['type'], SheetCell>> = {
  number: 100,
  money: 12_800,
  percent: 85,
  rating: 5,
  phone: '13800138000',
  email: 'name@example.com',
  url: 'https://example.com',
  time: '09:30',
};

/**
 * A workbook to be filled in for a form: one column a field, `*` before required ones, drop-down lists for options, formats for
 * dates and texts, and a sample row that is never imported.
 * @param members names for the lists of people; left out when there are too many
 */
export async function formTemplate(
  form: KnownForm,
  members: readonly string[],
  today: Date,
  words: ImportWords,
): Promise<Buffer> {
  const fields = form.fields.filter(
    (field) =>
      field.key !== recordIdKey &&
      field.within?.field !== recordIdKey &&
      field.key !== 'createdAt' &&
      field.key !== 'createdBy',
  );
  const headers = fields.map((field) => `${field.required ? '*' : ''}${field.name}${unitOf(field, words)}`);
  const sample = fields.map((field) => sampleOf(field, members, today, words));
  // The mark tells the row from data whatever the first column holds.
  const marked = [words.sampleMark(), ...sample.slice(1)];
  const cells = new Map<string, Partial<Cell>>();
  for (const [column, value] of [...marked.entries()])
    if (value instanceof Date) cells.set(`1,${column}`, { value, style: { numFmt: formatOf(fields[column]) } });
  const lists = fields.flatMap((field, column) => listOf(field, members, column, words));
  const long = lists.filter((list) => list.values.join(',').length > maxListLength);
  const bytes = await writeXlsx({
    sheets: [
      {
        name: sheetName(form.name),
        rows: [headers, marked],
        cells,
        columns: fields.map((field) => ({
          width: Math.min(40, Math.max(14, [...field.name].length * 2 + 4)),
          numFmt: formatOf(field),
        })),
        freezePane: { rows: 1 },
        dataValidations: lists.map((list) => validation(list, long, words)),
      },
      ...(long.length === 0 ? [] : [{ name: words.optionsSheet(), hidden: true, rows: optionRows(long) }]),
    ],
  });
  return Buffer.from(bytes);
}

interface List {
  column: number;
  values: string[];
}

function listOf(field: KnownField, members: readonly string[], column: number, words: ImportWords): List[] {
  if (field.type === 'select') return [{ column, values: labelsOf(field) }].filter((list) => list.values.length > 0);
  if (field.type === 'switch') return [{ column, values: [words.yes(), words.no()] }];
  return field.type === 'member' && members.length > 0 ? [{ column, values: [...members] }] : [];
}

function labelsOf(field: KnownField): string[] {
  return ((field.config.options ?? []) as { label: string }[]).map((option) => option.label);
}

function validation({ column, values }: List, long: readonly List[], words: ImportWords): DataValidation {
  const letter = letters(column);
  const range = `${letter}2:${letter}${listedRows}`;
  const place = long.findIndex((list) => list.column === column);
  // Another writing of an option is matched on import: the list helps, it does not refuse.
  const common = { type: 'list' as const, allowBlank: true, showErrorMessage: false, range };
  if (place < 0) return { ...common, values };
  return { ...common, formula1: `${words.optionsSheet()}!$${letters(place)}$1:$${letters(place)}$${values.length}` };
}

function optionRows(lists: readonly List[]): SheetCell[][] {
  const most = Math.max(...lists.map((list) => list.values.length));
  return Array.from({ length: most }, (_, at) => lists.map((list) => list.values[at] ?? null));
}

function sampleOf(field: KnownField, members: readonly string[], today: Date, words: ImportWords): SheetCell {
  if (field.type === 'date' || field.type === 'datetime' || field.type === 'lastContact') return today;
  if (field.type === 'select') return labelsOf(field)[0] ?? null;
  if (field.type === 'multiSelect') return words.listed(labelsOf(field).slice(0, 2)) || null;
  if (field.type === 'member') return members[0] ?? words.samples.member;
  if (field.type === 'switch') return words.yes();
  const { samples: said }: { samples: Partial<Record<KnownField['type'], string>> } = words;
  return said[field.type] ?? samples[field.type] ?? null;
}

function unitOf(field: KnownField, words: ImportWords): string {
  if (field.type === 'money') return field.config.display === 'wan' ? words.tenThousandYuan() : words.yuan();
  return field.type === 'percent' ? words.percent() : '';
}

function formatOf(field: KnownField | undefined): string {
  switch (field?.type) {
    case 'date':
      return 'yyyy-mm-dd';
    case 'datetime':
    case 'lastContact':
      return 'yyyy-mm-dd hh:mm';
    case 'number':
    case 'money':
    case 'percent':
    case 'rating':
    case 'slider':
      return 'General';
    default:
      // Texts stay texts: leading zeros and long card numbers are kept.
      return '@';
  }
}

function letters(column: number): string {
  return column < 26
    ? String.fromCharCode(65 + column)
    : `${letters(Math.floor(column / 26) - 1)}${letters(column % 26)}`;
}

function sheetName(name: string): string {
  // No apostrophe at either end: names stand between two in references.
  return (
    [...name.replaceAll(/[\\/?*[\]:]/g, ' ')]
      .slice(0, 28)
      .join('')
      .replaceAll(/^['\s]+|['\s]+$/g, '') || 'Sheet1'
  );
}
