import { civilAt, instantOf } from '../../time/civil.js';
import {
  addWorkDays,
  dayDate,
  dayNumber,
  holidayName,
  isoWeekday,
  isWorkDay,
  workDaysBetween,
} from '../../time/work-days.js';
import type { Span } from '../ast.js';
import { Dec } from '../decimal.js';
import { fail } from '../faults.js';
import { type FormulaType, single } from '../types.js';
import {
  type DateValue,
  dateValue,
  dayMs,
  type InstantValue,
  instantValue,
  isMoment,
  type Scalar,
  toDay,
} from '../values.js';
import { addMonths, difference, startOf, type Unit, unitOf } from './date-units.js';
import { type Argument, type FunctionDef, many, maybe, one, type RunContext } from './define.js';
import { readClock, readDay } from './read.js';

const day = (value: Argument) => value as number;
const int = (value: Argument) => (value as Dec).trunc().toNumber();

const part = (name: string, zh: string[], take: (day: number) => number): FunctionDef => ({
  name,
  zh,
  category: 'date',
  params: [one('date')],
  returns: 'number',
  run: ([date]) => new Dec(take(day(date))),
});

const clockPart = (name: string, zh: string[], take: 'hour' | 'minute' | 'second'): FunctionDef => ({
  name,
  zh,
  category: 'date',
  params: [one('datetime')],
  returns: 'number',
  run: ([instant], { zone }) => new Dec(civilAt(zone, day(instant))[take]),
});

const numbers = (value: number) => dayDate(value).split('-').map(Number) as [number, number, number];

function unit(text: Argument, { at, name }: RunContext): Unit {
  return unitOf(String(text ?? '')) ?? fail('bad_argument', at, { name, detail: String(text) });
}

/** A whole count that keeps dates within the calendar. */
function amount(value: Argument, { at, name }: RunContext): number {
  const n = int(value);
  if (Math.abs(n) > 4_000_000) fail('bad_argument', at, { name, detail: (value as Dec).toFixed() });
  return n;
}

/** Days off of one's own, given to WORKDAY and NETWORKDAYS beside the public calendar. */
function offDays(values: Argument, zone: string, at: Span): (day: number) => boolean {
  const days = new Set(((values ?? []) as readonly Scalar[]).map((value) => toDay(value, zone, at)));
  return (wanted) => days.has(wanted);
}

const sameKind = ([first]: readonly FormulaType[]) => single(first?.kind === 'datetime' ? 'datetime' : 'date');

/** Moves a date or the date of an instant; the time of day stays. */
function moved(value: Scalar, change: (day: number) => number, { zone, at }: RunContext): DateValue | InstantValue {
  if (!isMoment(value) || value.kind === 'date') return dateValue(change((value as DateValue).day), at);
  const civil = civilAt(zone, value.ms);
  const target = dateValue(change(toDay(value, zone, at) ?? 0), at);
  const [year, month, date] = numbers(target.day);
  return instantValue(instantOf(zone, { ...civil, year, month, day: date }), at);
}

const maxWorkDays = 10_000;

export const dateFunctions: readonly FunctionDef[] = [
  {
    name: 'TODAY',
    zh: ['今天'],
    category: 'date',
    params: [],
    returns: 'date',
    volatile: true,
    run: (_, { now, zone, at }) => dateValue(toDay({ kind: 'datetime', ms: now.getTime() }, zone, at) ?? 0, at),
  },
  {
    name: 'NOW',
    zh: ['现在', '此刻'],
    category: 'date',
    params: [],
    returns: 'datetime',
    volatile: true,
    run: (_, { now, at }) => instantValue(now.getTime(), at),
  },
  {
    name: 'DATE',
    zh: ['日期'],
    category: 'date',
    params: [one('number'), one('number'), one('number')],
    returns: 'date',
    // Months and days beyond their range roll over, as in spreadsheets.
    run: ([year, month, date], { at, name }) => {
      const [y, m, d] = [int(year), int(month), int(date)];
      if (y < 1 || y > 9999 || Math.abs(m) > 120_000 || Math.abs(d) > 4_000_000)
        fail('bad_argument', at, { name, detail: `${y}-${m}-${d}` });
      return dateValue(addMonths(dayNumber(`${String(y).padStart(4, '0')}-01-01`), m - 1) + d - 1, at);
    },
  },
  {
    name: 'DATETIME',
    zh: ['日期时间'],
    category: 'date',
    params: [one('date'), one('number'), one('number'), maybe('number')],
    returns: 'datetime',
    run: ([date, hour, minute, second], { zone, at, name }) => {
      const [h, m, s] = [int(hour), int(minute), second === undefined ? 0 : int(second)];
      if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59)
        fail('bad_argument', at, { name, detail: `${h}:${m}:${s}` });
      const [year, month, d] = numbers(day(date));
      return instantValue(instantOf(zone, { year, month, day: d, hour: h, minute: m, second: s }), at);
    },
  },
  {
    name: 'DATEVALUE',
    zh: ['转日期'],
    category: 'date',
    params: [one('text')],
    returns: 'date',
    run: ([text], { at }) => {
      if (String(text).trim() === '') return null;
      return dateValue(readDay(String(text)) ?? fail('not_a_date', at, { text: String(text).slice(0, 40) }), at);
    },
  },
  {
    name: 'DATETIMEVALUE',
    zh: ['转日期时间'],
    category: 'date',
    params: [one('text')],
    returns: 'datetime',
    run: ([text], { zone, at }) => {
      if (String(text).trim() === '') return null;
      const [date, clock] = [readDay(String(text)), readClock(String(text))];
      if (date === undefined || clock === undefined) return fail('not_a_date', at, { text: String(text).slice(0, 40) });
      const [year, month, d] = numbers(date);
      const civil = {
        year,
        month,
        day: d,
        hour: Math.floor(clock / 3600),
        minute: Math.floor(clock / 60) % 60,
        second: clock % 60,
      };
      return instantValue(instantOf(zone, civil), at);
    },
  },
  {
    name: 'TODATE',
    zh: ['取日期'],
    category: 'date',
    params: [one('date')],
    returns: 'date',
    run: ([date], { at }) => dateValue(day(date), at),
  },
  part('YEAR', ['年'], (value) => numbers(value)[0]),
  part('MONTH', ['月'], (value) => numbers(value)[1]),
  part('DAY', ['日'], (value) => numbers(value)[2]),
  part('QUARTER', ['季度'], (value) => Math.ceil(numbers(value)[1] / 3)),
  part('WEEKDAY', ['星期几'], isoWeekday),
  part('WEEKNUM', ['第几周'], (value) => {
    // ISO 8601: the week of the year's first Thursday is week 1.
    const thursday = value + 4 - isoWeekday(value);
    return Math.floor((thursday - dayNumber(`${String(numbers(thursday)[0]).padStart(4, '0')}-01-01`)) / 7) + 1;
  }),
  part('DAYOFYEAR', ['年内第几天'], (value) => value - startOf(value, 'year') + 1),
  part('DAYSINMONTH', ['当月天数'], (value) => addMonths(startOf(value, 'month'), 1) - startOf(value, 'month')),
  clockPart('HOUR', ['时'], 'hour'),
  clockPart('MINUTE', ['分'], 'minute'),
  clockPart('SECOND', ['秒'], 'second'),
  {
    name: 'WEEKDAYNAME',
    zh: ['星期名称'],
    category: 'date',
    params: [one('date')],
    returns: 'text',
    run: ([date]) => `星期${[...'一二三四五六日'][isoWeekday(day(date)) - 1]}`,
  },
  {
    name: 'EDATE',
    zh: ['加月份'],
    category: 'date',
    params: [one('moment'), one('number')],
    returns: sameKind,
    run: ([date, months], context) =>
      moved(date as Scalar, (from) => addMonths(from, amount(months, context)), context),
  },
  {
    name: 'EOMONTH',
    zh: ['月末'],
    category: 'date',
    params: [one('date'), maybe('number')],
    returns: 'date',
    run: ([date, months], context) =>
      dateValue(
        addMonths(startOf(day(date), 'month'), (months === undefined ? 0 : amount(months, context)) + 1) - 1,
        context.at,
      ),
  },
  {
    name: 'DATEADD',
    zh: ['日期加减'],
    category: 'date',
    params: [one('moment'), one('number'), one('text')],
    returns: sameKind,
    run: ([date, count, by], context) => {
      const value = date as DateValue | InstantValue;
      const n = amount(count, context);
      const step = unit(by, context);
      if (step === 'hour' || step === 'minute' || step === 'second') {
        const ms = { hour: 3_600_000, minute: 60_000, second: 1000 }[step] * n;
        if (value.kind === 'datetime') return instantValue(value.ms + ms, context.at);
        return dateValue(value.day + Math.floor(ms / dayMs), context.at);
      }
      return moved(
        value,
        (from) => {
          if (step === 'day') return from + n;
          if (step === 'week') return from + n * 7;
          return addMonths(from, n * { month: 1, quarter: 3, year: 12 }[step]);
        },
        context,
      );
    },
  },
  {
    name: 'DATEDIF',
    zh: ['日期差', '日期间隔'],
    aliases: ['DATEDIFF'],
    category: 'date',
    params: [one('moment'), one('moment'), maybe('text')],
    returns: 'number',
    run: ([from, to, by], context) =>
      difference(from as Scalar, to as Scalar, by === undefined ? 'day' : unit(by, context), context),
  },
  {
    name: 'DAYS',
    zh: ['相差天数'],
    category: 'date',
    params: [one('date'), one('date')],
    returns: 'number',
    run: ([end, start]) => new Dec(day(end) - day(start)),
  },
  {
    name: 'AGE',
    zh: ['年龄', '周岁'],
    category: 'date',
    params: [one('date'), maybe('date')],
    returns: 'number',
    // Without a second date it is the age today, so it changes with the days.
    volatile: true,
    run: ([born, on], context) => {
      const { now, zone, at } = context;
      const end = on === undefined ? (toDay({ kind: 'datetime', ms: now.getTime() }, zone, at) ?? 0) : day(on);
      return difference({ kind: 'date', day: day(born) }, { kind: 'date', day: end }, 'year', context);
    },
  },
  {
    name: 'STARTOF',
    zh: ['周期开始'],
    category: 'date',
    params: [one('date'), one('text')],
    returns: 'date',
    run: ([date, by], context) => dateValue(startOf(day(date), unit(by, context)), context.at),
  },
  {
    name: 'ENDOF',
    zh: ['周期结束'],
    category: 'date',
    params: [one('date'), one('text')],
    returns: 'date',
    run: ([date, by], context) => {
      const step = unit(by, context);
      const start = startOf(day(date), step);
      if (step === 'week') return dateValue(start + 6, context.at);
      const months = { month: 1, quarter: 3, year: 12 }[step as 'month'];
      return dateValue(months === undefined ? start : addMonths(start, months) - 1, context.at);
    },
  },
  {
    name: 'WORKDAY',
    zh: ['工作日后', '加工作日'],
    category: 'date',
    params: [one('date'), one('number'), { wanted: 'date', shape: 'list', optional: true }],
    returns: 'date',
    run: ([date, count, off], context) => {
      const n = int(count);
      if (Math.abs(n) > maxWorkDays) fail('bad_argument', context.at, { name: context.name, detail: String(n) });
      context.spend(Math.abs(n));
      return dateValue(addWorkDays(day(date), n, offDays(off, context.zone, context.at)), context.at);
    },
  },
  {
    name: 'NETWORKDAYS',
    zh: ['工作日数', '工作日天数'],
    category: 'date',
    params: [one('date'), one('date'), { wanted: 'date', shape: 'list', optional: true }],
    returns: 'number',
    run: ([from, to, off], context) => {
      const days = Math.abs(day(to) - day(from));
      if (days > maxWorkDays * 4) fail('bad_argument', context.at, { name: context.name, detail: String(days) });
      context.spend(days);
      return new Dec(workDaysBetween(day(from), day(to), offDays(off, context.zone, context.at)));
    },
  },
  {
    name: 'ISWORKDAY',
    zh: ['是工作日'],
    category: 'date',
    params: [one('date')],
    returns: 'boolean',
    run: ([date]) => isWorkDay(day(date)),
  },
  {
    name: 'HOLIDAYNAME',
    zh: ['节假日名称'],
    category: 'date',
    params: [one('date')],
    returns: 'text',
    run: ([date]) => holidayName(day(date)) ?? null,
  },
  {
    name: 'LATEST',
    zh: ['最晚'],
    category: 'date',
    params: [many('date')],
    repeat: 1,
    returns: 'date',
    run: ([values], { zone, at }) => {
      const days = (values as readonly Scalar[]).flatMap((value) => toDay(value, zone, at) ?? []);
      return days.length === 0
        ? null
        : dateValue(
            days.reduce((a, b) => Math.max(a, b)),
            at,
          );
    },
  },
  {
    name: 'EARLIEST',
    zh: ['最早'],
    category: 'date',
    params: [many('date')],
    repeat: 1,
    returns: 'date',
    run: ([values], { zone, at }) => {
      const days = (values as readonly Scalar[]).flatMap((value) => toDay(value, zone, at) ?? []);
      return days.length === 0
        ? null
        : dateValue(
            days.reduce((a, b) => Math.min(a, b)),
            at,
          );
    },
  },
];
