import { readCivil } from '@lianke/shared/fields/date/sheet';
import { readNumber, type SheetNumber } from '@lianke/shared/fields/number/sheet';
import { splitPhones } from '@lianke/shared/fields/phone/sheet';
import { normalizePhone } from '@lianke/shared/fields/phone/value';
import { isFormulaError } from '@lianke/shared/fields/sheet-errors';
import { picturesIn, shownCell } from '@lianke/shared/fields/sheet-pictures';
import { cellText, saysNothing } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { switchSheet } from '@lianke/shared/fields/switch/sheet';
import { Decimal } from 'decimal.js';
import type { Table } from '../layout/find-table.js';
import { type Header, readHeader } from '../layout/header.js';
import type { SheetRows, WorkbookSheet } from '../workbook/workbook.js';
import { type Concept, conceptOf } from './concepts.js';

/** What a column's values look like: shares of the filled cells, from 0 to 1. */
export interface ColumnShape {
  number: number;
  /** Numbers with a % behind them. */
  percent: number;
  /** Numbers from -1 to 1. */
  fraction: number;
  /** 是, 否, √, × and the like. */
  yesNo: number;
  date: number;
  timed: number;
  phone: number;
  email: number;
  url: number;
  breaks: number;
  separated: number;
  leadingZero: number;
  /** Cells that hold pictures. */
  pictures: number;
  /** Characters of the longest text. */
  longest: number;
  /** Whole numbers that grow from row to row. */
  sequence: boolean;
  /** Digits after the point that its numbers have; what a formula left of a division counts as four. */
  decimals: number;
}

export interface ColumnProfile {
  index: number;
  header: Header;
  concept: Concept | undefined;
  filled: number;
  samples: string[];
  /** Texts and how often each occurs, most first; at most `maxDistinct`, then `distinctTotal` is larger. */
  distinct: { text: string; count: number }[];
  distinctTotal: number;
  shape: ColumnShape;
  /** The name above it in a header of two rows. */
  group?: string;
  /** What the column's drop-down list offers. */
  list?: readonly string[];
}

const maxDistinct = 1000;
/** Shapes are taken from this many rows: more would not change them. */
const shapeRows = 2000;

/** Rows of a large sheet that are looked at: the first ones and then here and there. */
const profiledRows = 40_000;

function* sampled(rows: readonly number[]): Generator<number> {
  const step = Math.max(1, (rows.length - profiledRows) / profiledRows);
  for (let place = 0; place < rows.length; place += place < profiledRows ? 1 : step) yield rows[Math.floor(place)] ?? 0;
}

/** Looks at each column of a table, going through its rows once. */
export function profileColumns(
  rows: SheetRows,
  table: Table,
  headers: readonly SheetCell[] = rows.at(table.headerRow) ?? [],
  lists: WorkbookSheet['lists'] = [],
  groups: readonly (string | undefined)[] = [],
): ColumnProfile[] {
  const width = Math.max(headers.length, ...table.dataRows.slice(0, shapeRows).map((at) => rows.at(at)?.length ?? 0));
  const tallies = Array.from({ length: width }, () => new ColumnTally());
  for (const at of sampled(table.dataRows)) {
    const row = rows.at(at) ?? [];
    for (let index = 0; index < width; index++) tallies[index]?.add(row[index] ?? null);
  }
  return tallies.map((tally, index) => {
    const list = lists.find((item) => item.column === index)?.values;
    const group = groups[index];
    return {
      ...tally.profile(index, cellText(headers[index] ?? null)),
      ...(group !== undefined && { group }),
      ...(list && { list }),
    };
  });
}

/** What the cells of one column came to so far. */
class ColumnTally {
  private readonly counts = new Map<string, number>();
  private readonly samples = new Set<string>();
  private readonly sampled = new Map<string, { cell: SheetCell; count: number }>();
  private filled = 0;
  private seen = 0;
  private pictures = 0;
  private longest = 0;
  private sequence = true;
  private previous: number | undefined;

  add(cell: SheetCell): void {
    if (cell === null) return;
    const pictures = picturesIn(cell).length > 0;
    const text = cellText(shownCell(cell)).trim();
    this.filled++;
    if (pictures) this.pictures++;
    const count = this.counts.get(text);
    if (count !== undefined || this.counts.size < maxDistinct * 4) this.counts.set(text, (count ?? 0) + 1);
    if (this.samples.size < 5) this.samples.add(text.slice(0, 80));
    if (this.sequence) {
      const number = Number(text);
      this.sequence = Number.isInteger(number) && (this.previous === undefined || number > this.previous);
      this.previous = number;
    }
    if (this.filled > shapeRows || saysNothing(text) || isFormulaError(text)) return;
    this.seen++;
    this.longest = Math.max(this.longest, text.length);
    const same = this.sampled.get(text);
    if (same) same.count++;
    else this.sampled.set(text, { cell, count: 1 });
  }

  profile(index: number, headerText: string): ColumnProfile {
    const tally = {
      ...{ number: 0, percent: 0, fraction: 0, yesNo: 0, date: 0, timed: 0 },
      ...{ phone: 0, email: 0, url: 0, breaks: 0, separated: 0, leadingZero: 0 },
    };
    let decimals = 0;
    for (const [text, { cell, count }] of this.sampled) {
      measure(cell, text, count, tally);
      decimals = Math.max(decimals, decimalsOf(cell, text));
    }
    const share = (count: number) => (this.seen === 0 ? 0 : count / this.seen);
    const header = readHeader(headerText);
    return {
      index,
      header,
      concept: conceptOf(header.name)?.concept,
      filled: this.filled,
      samples: [...this.samples],
      distinct: [...this.counts]
        .map(([text, count]) => ({ text, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, maxDistinct),
      distinctTotal: this.counts.size,
      shape: {
        ...(Object.fromEntries(Object.entries(tally).map(([name, count]) => [name, share(count)])) as typeof tally),
        pictures: this.filled === 0 ? 0 : this.pictures / this.filled,
        longest: this.longest,
        sequence: this.sequence && this.filled > 2,
        decimals,
      },
    };
  }
}

function measure(
  cell: SheetCell,
  text: string,
  count: number,
  tally: Record<
    | 'number'
    | 'percent'
    | 'fraction'
    | 'yesNo'
    | 'date'
    | 'timed'
    | 'phone'
    | 'email'
    | 'url'
    | 'breaks'
    | 'separated'
    | 'leadingZero',
    number
  >,
): void {
  const number = numberOf(cell, text);
  if (number) tally.number += count;
  if (number?.percent) tally.percent += count;
  if (number && !number.percent && number.value.abs().lte(1)) tally.fraction += count;
  if (yesOrNo(typeof cell === 'boolean' ? cell : text).value !== null) tally.yesNo += count;
  const civil = typeof cell === 'number' && !Number.isInteger(cell) ? undefined : readCivil(cell);
  if (civil) tally.date += count;
  if (civil?.timed) tally.timed += count;
  if (/\n/.test(text)) tally.breaks += count;
  if (/[,，;；、]/.test(text)) tally.separated += count;
  if (/^0\d{2,}$/.test(text)) tally.leadingZero += count;
  if (/^\S+@\S+\.\S+$/.test(text)) tally.email += count;
  if (/^(https?:\/\/|www\.)\S+$/i.test(text)) tally.url += count;
  if (text.length >= 7 && splitPhones(text).every(isPhone)) tally.phone += count;
}

const yesOrNo = switchSheet.reader({}, { timeZone: 'UTC' });

function numberOf(cell: SheetCell, text: string): SheetNumber | undefined {
  if (typeof cell === 'number') return readNumber(text) ?? { value: new Decimal(cell), unit: false, percent: false };
  return typeof cell === 'string' ? readNumber(text) : undefined;
}

/** Longer fractions are not typed by anybody. */
const typedDecimals = 8;
const computedDecimals = 4;

function decimalsOf(cell: SheetCell, text: string): number {
  const found = numberOf(cell, text)?.value.decimalPlaces() ?? 0;
  return found > typedDecimals ? computedDecimals : found;
}

function isPhone(part: string): boolean {
  const phone = normalizePhone(part);
  return phone !== undefined && (/^1[3-9]\d{9}(-\d+)?$/.test(phone) || /^0\d{2,3}-?\d{7,8}/.test(phone));
}
