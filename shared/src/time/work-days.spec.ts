import { describe, expect, it } from 'vitest';
import { chinaHolidays } from './china-holidays.js';
import { addWorkDays, dayDate, dayNumber, holidayName, isoWeekday, isWorkDay, workDaysBetween } from './work-days.js';

describe('the kept holiday calendar', () => {
  it.each(Object.entries(chinaHolidays))(
    '%s: days worked instead are weekends, and none is a holiday too',
    (year, { off, work }) => {
      for (const day of work) {
        expect(isoWeekday(dayNumber(`${year}-${day}`))).toBeGreaterThan(5);
        expect(holidayName(dayNumber(`${year}-${day}`))).toBeUndefined();
      }
      for (const [, from, to] of off) expect(from <= to).toBe(true);
    },
  );

  it('knows the long Spring Festival of 2026 and the Saturdays that pay for it', () => {
    expect(holidayName(dayNumber('2026-02-15'))).toBe('春节');
    expect(isWorkDay(dayNumber('2026-02-14'))).toBe(true);
    expect(isWorkDay(dayNumber('2026-02-23'))).toBe(false);
    expect(isWorkDay(dayNumber('2026-02-28'))).toBe(true);
  });
});

describe('working days', () => {
  it('are counted over holidays and worked weekends', () => {
    expect(dayDate(addWorkDays(dayNumber('2026-02-13'), 1))).toBe('2026-02-14');
    expect(dayDate(addWorkDays(dayNumber('2026-02-14'), 1))).toBe('2026-02-24');
    expect(dayDate(addWorkDays(dayNumber('2026-02-24'), -1))).toBe('2026-02-14');
    expect(workDaysBetween(dayNumber('2026-02-09'), dayNumber('2026-02-28'))).toBe(11);
    expect(workDaysBetween(dayNumber('2026-02-28'), dayNumber('2026-02-09'))).toBe(-11);
  });

  it('are plain weekdays in a year without a notice', () => {
    expect(workDaysBetween(dayNumber('2040-10-01'), dayNumber('2040-10-07'))).toBe(5);
  });

  it('round-trip: as many working days lie between as were added', () => {
    for (let start = dayNumber('2025-01-01'); start < dayNumber('2026-12-01'); start += 13) {
      for (const count of [1, 5, 22]) {
        const end = addWorkDays(start, count);
        expect(workDaysBetween(start + 1, end)).toBe(count);
      }
    }
  });
});
