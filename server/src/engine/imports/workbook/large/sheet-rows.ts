import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { isPictureCall } from '../pictures.js';
import { badFile, workbookLimits } from '../workbook.js';
import { attribute, richText, streamedText } from './xml-text.js';

/** What cells mean beyond their own text. */
export interface CellWorld {
  strings: (index: number) => string;
  /** Styles that show a number as a date, by their index. */
  dates: readonly boolean[];
  date1904: boolean;
  prefix: string;
}

/** A row as it stands in a worksheet; `index` is 0-based. */
export interface XmlRow {
  index: number;
  hidden: boolean;
  cells: SheetCell[];
  /** 0-based columns of formulas without a result. */
  uncomputed: number[];
}

const dayMs = 86_400_000;

/** A serial date (ECMA-376 18.17.4): days since 1900 with its 29 February, or since 1904, as an instant in UTC parts. */
export function serialDate(serial: number, date1904: boolean): Date {
  const days = date1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  return new Date(Math.round((days - 25_569) * dayMs));
}

/** Reads one `<row>` element. @param previous index of the row before, for rows that do not say theirs */
export function readRow(xml: string, previous: number, world: CellWorld): XmlRow {
  const headEnd = xml.indexOf('>');
  const head = xml.slice(0, headEnd);
  const number = attribute(head, ' r="');
  const hidden = attribute(head, ' hidden="');
  const row: XmlRow = {
    index: number === undefined ? previous + 1 : Number(number) - 1,
    hidden: hidden === '1' || hidden === 'true',
    cells: [],
    uncomputed: [],
  };
  if (!Number.isInteger(row.index) || row.index <= previous)
    throw badFile({
      zh: '文件里的行次序是乱的，请另存为一个新文件再上传',
      en: 'the rows of the file are out of order; save it as a new file and upload that',
    });
  const open = `<${world.prefix}c`;
  const close = `</${world.prefix}c>`;
  let column = -1;
  let at = xml.indexOf(open, headEnd);
  while (at >= 0) {
    const after = xml.charCodeAt(at + open.length);
    if (after !== 0x20 && after !== 0x3e && after !== 0x2f) {
      at = xml.indexOf(open, at + 1);
      continue;
    }
    const tagEnd = xml.indexOf('>', at);
    if (tagEnd < 0) break;
    const tag = xml.slice(at, tagEnd);
    const place = attribute(tag, ' r="');
    column = place === undefined ? column + 1 : columnOf(place);
    if (xml.charCodeAt(tagEnd - 1) === 0x2f) {
      at = xml.indexOf(open, tagEnd);
      continue;
    }
    const end = xml.indexOf(close, tagEnd);
    if (end < 0) break;
    const body = xml.slice(tagEnd + 1, end);
    const value = cellValue(tag, body, world);
    if (value === null && isUncomputed(body, world.prefix)) row.uncomputed.push(column);
    if (value !== null) {
      if (column >= workbookLimits.columns)
        throw badFile({
          zh: `文件超过 ${workbookLimits.columns} 列，请删去不用的列再上传`,
          en: `the file has more than ${workbookLimits.columns} columns; delete those you do not need and upload it again`,
        });
      while (row.cells.length < column) row.cells.push(null);
      row.cells[column] = value;
    }
    at = xml.indexOf(open, end);
  }
  return row;
}

function cellValue(tag: string, body: string, world: CellWorld): SheetCell {
  const type = attribute(tag, ' t="');
  if (type === 'inlineStr') return filled(richText(body, world.prefix));
  const raw = valueText(body, world.prefix);
  if (raw === '') return null;
  if (type === 's') return filled(world.strings(Number(raw)));
  if (type === 'str' || type === 'e') return filled(streamedText(raw));
  if (type === 'b') return raw === '1' || raw === 'true';
  if (type === 'd') {
    const instant = Date.parse(raw.endsWith('Z') ? raw : `${raw}Z`);
    return Number.isNaN(instant) ? raw : new Date(instant);
  }
  const number = Number(raw);
  if (Number.isNaN(number)) return filled(streamedText(raw));
  const style = attribute(tag, ' s="');
  return style !== undefined && world.dates[Number(style)] ? serialDate(number, world.date1904) : number;
}

/** A formula with no result beside it; an empty text is a result (ECMA-376 18.3.1.4). */
function isUncomputed(body: string, prefix: string): boolean {
  const start = body.indexOf(`<${prefix}f`);
  if (start < 0 || body.indexOf(`<${prefix}v`) >= 0) return false;
  const from = body.indexOf('>', start) + 1;
  return !isPictureCall(streamedText(body.slice(from, Math.max(from, body.indexOf('</', from)))));
}

function valueText(body: string, prefix: string): string {
  const open = `<${prefix}v`;
  const start = body.indexOf(open);
  if (start < 0) return '';
  const from = body.indexOf('>', start) + 1;
  const end = body.indexOf(`</${prefix}v>`, from);
  return end < 0 ? '' : body.slice(from, end);
}

function filled(text: string): SheetCell {
  return text.trim() === '' ? null : text;
}

/** 0-based column of `AB12`. */
export function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at++) {
    const letter = place.charCodeAt(at) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) break;
    column = column * 26 + letter - 0x40;
  }
  return column - 1;
}
