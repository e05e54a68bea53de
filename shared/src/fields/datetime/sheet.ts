import { civilAt, instantOf } from '../../time/civil.js';
import { readCivil } from '../date/sheet.js';
import { fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetCell, type SheetFormat, type SheetValue } from '../sheet-types.js';
import type { DatetimeConfig } from './schema.js';
import { parseDatetime } from './value.js';

/** The instant a cell means in `zone`; a date without time of day is its midnight. */
export function readInstant(cell: SheetCell, zone: string): SheetValue {
  if (cell === null || (typeof cell === 'string' && saysNothing(cell))) return emptyValue;
  if (typeof cell === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/.test(cell.trim()))
    return fromParsed(parseDatetime(cell.trim()));
  const civil = readCivil(cell);
  return civil ? { value: new Date(instantOf(zone, civil)).toISOString() } : refused('bad_date');
}

/** An instant as the wall-clock time of `zone`, in the UTC parts of a date. */
export function instantCell(value: unknown, zone: string): SheetCell {
  if (typeof value !== 'string') return null;
  const civil = civilAt(zone, Date.parse(value));
  return new Date(Date.UTC(civil.year, civil.month - 1, civil.day, civil.hour, civil.minute, civil.second));
}

export const datetimeSheet: SheetFormat<DatetimeConfig> = {
  reader:
    (_, { timeZone }) =>
    (cell) =>
      readInstant(cell, timeZone),
  write: (value, _, { timeZone }) => instantCell(value, timeZone),
};
