import { civilDate } from '../../time/civil.js';
import { readCivil } from '../date/sheet.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { DateRangeConfig } from './schema.js';
import { parseDateRange, periodOf } from './value.js';

/** `2026-01-01 ~ 2026-01-31`, `2026年1月1日至2026年1月31日`; a single date is a period of one day. */
export const dateRangeSheet: SheetFormat<DateRangeConfig> = {
  reader: (config) => (cell) => {
    const single = typeof cell === 'string' ? undefined : readCivil(cell);
    const text = cellText(cell).trim();
    if (saysNothing(text)) return emptyValue;
    const days = single
      ? [single, single]
      : text.split(/\s*(?:~|～|至|到|—|–|\/(?=\d{4}-\d)|-(?=\d{4}[/.年])|\s-\s)\s*/).map((part) => readCivil(part));
    const [start, end = start, more] = days;
    if (!start || !end || more) return refused('bad_date_range');
    return fromParsed(parseDateRange({ start: civilDate(start), end: civilDate(end) }, config));
  },
  write: (value) => {
    const period = periodOf(value);
    return period ? `${period.start} ~ ${period.end}` : null;
  },
};
