import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { XMLParser } from 'fast-xml-parser';
import type { Sheet } from 'hucre';
import { notASheet } from './decode-text.js';
import { xmlText } from './large/xml-text.js';
import { badFile, workbookLimits } from './workbook.js';

/** Columns that a spreadsheet has; a cell said to stand further right is none. */
const lastColumn = 16_384;

type XmlSheet = Pick<Sheet, 'name' | 'rows' | 'merges' | 'hidden' | 'rowDefs' | 'cells'>;

interface XmlCell {
  '@Index'?: string;
  '@MergeAcross'?: string;
  '@MergeDown'?: string;
  '@Formula'?: string;
  /** Raw: texts may hold marks of their own, as `<B>`. */
  Data?: string | { '#text'?: string; '@Type'?: string };
}

interface XmlRow {
  '@Index'?: string;
  '@Hidden'?: string;
  '@Span'?: string;
  Cell?: XmlCell[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  stopNodes: ['*.Data'],
  isArray: (name) => name === 'Cell',
});

/** Whether a text is a workbook of the XML Spreadsheet 2003 kind, which older business systems export under the name .xls. */
export function isXmlWorkbook(text: string): boolean {
  return /^\s*(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*)*<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet/.test(
    text.slice(0, 4000),
  );
}

/**
 * The sheets of an XML Spreadsheet 2003 (Office 2003 XML reference schemas, SpreadsheetML). Rows are cut out of the text one
 * by one, so that a large file is never held as a tree.
 * @throws AppError `invalid_file`
 */
export function readXmlWorkbook(text: string): XmlSheet[] {
  // One file may name some elements with a prefix and others without.
  const tags = /<(?:\w+:)?Worksheet\b[^>]*>|<\/(?:\w+:)?Worksheet>|<(\w+:)?Row(?=[\s/>])/g;
  const sheets: XmlSheet[] = [];
  let sheet: XmlSheet | undefined;
  let behindRows = 0;
  for (let tag = tags.exec(text); tag; tag = tags.exec(text)) {
    if (tag[0].startsWith('</')) {
      if (sheet && /<(?:\w+:)?Visible>Sheet(?:Very)?Hidden</.test(text.slice(behindRows, tag.index)))
        sheet.hidden = true;
      sheet = undefined;
    } else if (!tag[0].endsWith('Row')) {
      const name = /\bName\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag[0]);
      sheet = {
        name: xmlText(name?.[1] ?? name?.[2] ?? ''),
        rows: [],
        merges: [],
        rowDefs: new Map(),
        cells: new Map(),
      };
      sheets.push(sheet);
      behindRows = tags.lastIndex;
    } else {
      const headEnd = text.indexOf('>', tag.index);
      const rowEnd = `</${tag[1] ?? ''}Row>`;
      const whole = text[headEnd - 1] === '/' ? headEnd + 1 : text.indexOf(rowEnd, headEnd) + rowEnd.length;
      if (headEnd < 0 || whole < headEnd) throw notASheet();
      if (sheet) takeRow(sheet, rowOf(text.slice(tag.index, whole)));
      tags.lastIndex = whole;
      behindRows = whole;
    }
  }
  return sheets;
}

function rowOf(xml: string): XmlRow {
  const row = (parser.parse(xml) as { Row?: XmlRow | string }).Row;
  return typeof row === 'object' ? row : {};
}

function takeRow(sheet: XmlSheet, row: XmlRow): void {
  const at = row['@Index'] ? Number(row['@Index']) - 1 : sheet.rows.length;
  // One more than is taken, for the refusal to count.
  if (!(at >= sheet.rows.length) || at > workbookLimits.rows) throw tooLarge();
  while (sheet.rows.length < at) sheet.rows.push([]);
  const cells: SheetCell[] = [];
  for (const cell of row.Cell ?? []) {
    const column = cell['@Index'] ? Number(cell['@Index']) - 1 : cells.length;
    const across = Number(cell['@MergeAcross'] ?? 0);
    const down = Number(cell['@MergeDown'] ?? 0);
    if (!(column >= cells.length) || !(across >= 0) || !(down >= 0) || column + across >= lastColumn) throw tooLarge();
    while (cells.length < column) cells.push(null);
    const value = dataOf(cell.Data);
    cells.push(value);
    if (cell['@Formula'] !== undefined && value === null)
      sheet.cells?.set(`${at},${column}`, { value: null, type: 'empty', formula: cell['@Formula'] } as never);
    if (across > 0 || down > 0)
      sheet.merges?.push({ startRow: at, endRow: at + down, startCol: column, endCol: column + across });
    for (let more = 0; more < across; more++) cells.push(null);
  }
  sheet.rows.push(cells);
  if (row['@Hidden'] === '1') sheet.rowDefs?.set(at, { hidden: true });
}

function dataOf(data: XmlCell['Data']): SheetCell {
  if (data === undefined) return null;
  const [raw, type] = typeof data === 'string' ? [data, 'String'] : [data['#text'] ?? '', data['@Type'] ?? 'String'];
  const text = textOf(raw);
  if (text === '') return null;
  if (type === 'Number') {
    // Programs that write such files write numbers of any length: a card number keeps its digits as a text.
    const number = Number(text);
    return Number.isFinite(number) && !/^[+-]?\d{16,}$/.test(text.trim()) ? number : text.trim();
  }
  if (type === 'Boolean') return text.trim() === '1';
  if (type === 'DateTime') {
    const time = new Date(/[zZ]|[+-]\d\d:\d\d$/.test(text.trim()) ? text.trim() : `${text.trim()}Z`);
    return Number.isNaN(time.getTime()) ? text : time;
  }
  return text;
}

/** The text of a cell: marks of rich text gone, references resolved. */
function textOf(raw: string): string {
  const cdata = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(raw);
  if (cdata) return cdata[1] ?? '';
  return xmlText(raw.includes('<') ? raw.replace(/<[^>]*>/g, '') : raw);
}

function tooLarge(): Error {
  return badFile({
    zh: '文件的行或列过多，请拆成几个文件再上传',
    en: 'the file has too many rows or columns; split it into several files and upload again',
  });
}
