import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type Cell, type DataValidation, writeXlsx } from 'hucre';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { sampleMark } from '../layout/find-table.js';
import { recordIdKey } from '../plan/record-id.js';

/** Rows that drop-down lists reach down to. */
const listedRows = 5000;
/** Characters that a list written into the sheet may have (ECMA-376 18.3.1.32). */
const maxListLength = 255;

const samples: Partial<Record<KnownField['type'], SheetCell>> = {
  text: '文字',
  longText: '可以换行的文字',
  number: 100,
  money: 12_800,
  percent: 85,
  rating: 5,
  phone: '13800138000',
  email: 'name@example.com',
  url: 'https://example.com',
  tags: '重点、老客户',
  address: '浙江省杭州市西湖区文三路 1 号',
  member: '姓名、手机号或账号',
  members: '姓名、姓名',
  department: '部门名称',
  departments: '部门名称、部门名称',
  switch: '是',
  time: '09:30',
  relation: '对方数据的标题',
};

/**
 * A workbook to be filled in for a form: one column a field, `*` before required ones, drop-down lists for options, formats for
 * dates and texts, and a sample row that is never imported.
 * @param members names for the lists of people; left out when there are too many
 */
export async function formTemplate(form: KnownForm, members: readonly string[], today: Date): Promise<Buffer> {
  const fields = form.fields.filter(
    (field) =>
      field.key !== recordIdKey &&
      field.within?.field !== recordIdKey &&
      field.key !== 'createdAt' &&
      field.key !== 'createdBy',
  );
  const headers = fields.map((field) => `${field.required ? '*' : ''}${field.name}${unitOf(field)}`);
  const sample = fields.map((field) => sampleOf(field, members, today));
  // The mark tells the row from data whatever the first column holds.
  const marked = [sampleMark, ...sample.slice(1)];
  const cells = new Map<string, Partial<Cell>>();
  for (const [column, value] of [...marked.entries()])
    if (value instanceof Date) cells.set(`1,${column}`, { value, style: { numFmt: formatOf(fields[column]) } });
  const lists = fields.flatMap((field, column) => listOf(field, members, column));
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
        dataValidations: lists.map((list) => validation(list, long)),
      },
      ...(long.length === 0 ? [] : [{ name: '选项', hidden: true, rows: optionRows(long) }]),
    ],
  });
  return Buffer.from(bytes);
}

interface List {
  column: number;
  values: string[];
}

function listOf(field: KnownField, members: readonly string[], column: number): List[] {
  if (field.type === 'select') return [{ column, values: labelsOf(field) }].filter((list) => list.values.length > 0);
  if (field.type === 'switch') return [{ column, values: ['是', '否'] }];
  return field.type === 'member' && members.length > 0 ? [{ column, values: [...members] }] : [];
}

function labelsOf(field: KnownField): string[] {
  return ((field.config.options ?? []) as { label: string }[]).map((option) => option.label);
}

function validation({ column, values }: List, long: readonly List[]): DataValidation {
  const letter = letters(column);
  const range = `${letter}2:${letter}${listedRows}`;
  const place = long.findIndex((list) => list.column === column);
  // Another writing of an option is matched on import: the list helps, it does not refuse.
  const common = { type: 'list' as const, allowBlank: true, showErrorMessage: false, range };
  if (place < 0) return { ...common, values };
  return { ...common, formula1: `选项!$${letters(place)}$1:$${letters(place)}$${values.length}` };
}

function optionRows(lists: readonly List[]): SheetCell[][] {
  const most = Math.max(...lists.map((list) => list.values.length));
  return Array.from({ length: most }, (_, at) => lists.map((list) => list.values[at] ?? null));
}

function sampleOf(field: KnownField, members: readonly string[], today: Date): SheetCell {
  if (field.type === 'date' || field.type === 'datetime' || field.type === 'lastContact') return today;
  if (field.type === 'select') return labelsOf(field)[0] ?? null;
  if (field.type === 'multiSelect') return labelsOf(field).slice(0, 2).join('、') || null;
  if (field.type === 'member') return members[0] ?? samples.member ?? null;
  return samples[field.type] ?? null;
}

function unitOf(field: KnownField): string {
  if (field.type === 'money') return field.config.display === 'wan' ? '（万元）' : '（元）';
  return field.type === 'percent' ? '（%）' : '';
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
  return [...name.replaceAll(/[\\/?*[\]:]/g, ' ')].slice(0, 28).join('').trim() || 'Sheet1';
}
