import { fold } from '../../filter/fold.js';
import { type CivilTime, civilDate, civilOfUtc, isCivil } from '../../time/civil.js';
import { saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetCell, type SheetFormat } from '../sheet-types.js';
import type { DateConfig } from './schema.js';

const date = /^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})(?:日|号)?|(\d{2})(\d{2}))(?=$|\D)/;
const clock =
  /^(上午|早上|凌晨|中午|下午|晚上|am|pm)?(\d{1,2})(?:[:点时](\d{1,2})?(?:[:分](\d{1,2})?(?:\.\d+)?秒?)?分?)(am|pm)?$/;
const weekday = /^(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|mon|tue|wed|thu|fri|sat|sun)/;

/** Serial days of 1954-10-03 and 2119-02-06: smaller and larger numbers in a date column are not meant as dates. */
const firstSerial = 20_000;
const lastSerial = 80_000;
const dayMs = 86_400_000;
/** Day 0 of the 1900 date system as counted since 1 March 1900 (ECMA-376 part 1, 18.17.4). */
const serialEpoch = Date.UTC(1899, 11, 30);

/** A cell's date and time of day, or undefined when it is none. Zone-less: `timed` tells whether a time of day was given. */
export function readCivil(cell: SheetCell): (CivilTime & { timed: boolean }) | undefined {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : ofUtc(cell.getTime());
  if (typeof cell === 'number') return ofNumber(cell);
  if (typeof cell !== 'string') return undefined;
  const text = fold(cell)
    .trim()
    .replace(/\s*([年月日号:/.-])\s*/g, '$1');
  if (/^\d{5}(\.\d+)?$/.test(text)) return ofNumber(Number(text));
  const found = date.exec(text);
  if (!found) return undefined;
  const rest = text
    .slice(found[0].length)
    .replace(/^[\st,，]+/, '')
    .replace(weekday, '')
    .trim();
  const time = rest === '' ? { hour: 0, minute: 0, second: 0 } : readClock(rest.replace(/\s+/g, ''));
  if (!time) return undefined;
  const [, year, m1, d1, m2, d2, m3, d3] = found;
  const civil = { year: Number(year), month: Number(m1 ?? m2 ?? m3), day: Number(d1 ?? d2 ?? d3), ...time };
  return isCivil(civil) ? { ...civil, timed: rest !== '' } : undefined;
}

/** `9:30`, `下午3点`, `15时20分30秒`, blanks taken out before; undefined when it is no time. */
export function readClock(text: string): { hour: number; minute: number; second: number } | undefined {
  const found = clock.exec(text);
  if (!found) return undefined;
  const half = found[1] ?? found[5];
  let hour = Number(found[2]);
  if (
    (half === '下午' || half === '晚上' || half === 'pm' || half === '中午') &&
    hour < 12 &&
    !(half === '中午' && hour > 10)
  )
    hour += 12;
  if ((half === '凌晨' || half === 'am') && hour === 12) hour = 0;
  return { hour, minute: Number(found[3] ?? 0), second: Number(found[4] ?? 0) };
}

function ofNumber(value: number): (CivilTime & { timed: boolean }) | undefined {
  if (Number.isInteger(value) && value >= 19_000_101 && value <= 29_991_231) return readCivil(String(value));
  if (value < firstSerial || value >= lastSerial) return undefined;
  return ofUtc(serialEpoch + Math.round(value * 86_400) * 1000);
}

function ofUtc(instant: number): CivilTime & { timed: boolean } {
  // Spreadsheets hold times as fractions of a day: 16:11 comes out as 16:10:59.9999.
  const rounded = Math.round(instant / 1000) * 1000;
  return { ...civilOfUtc(new Date(rounded)), timed: rounded % dayMs !== 0 };
}

export const dateSheet: SheetFormat<DateConfig> = {
  reader: () => (cell) => {
    if (cell === null || (typeof cell === 'string' && saysNothing(cell))) return emptyValue;
    const civil = readCivil(cell);
    return civil ? { value: civilDate(civil) } : refused('bad_date');
  },
  write: (value) => (typeof value === 'string' ? new Date(`${value}T00:00:00Z`) : null),
};
