import { dayDate, dayNumber } from '@lianke/shared/time/work-days';
import { describe, expect, it } from 'vitest';
import { boxOnSheet, columnsOfSheet, daysOff, headUnits, scaleSizes, sheetAround } from './gantt-days.js';

const day = dayNumber;
const span = (from: string, to: string) => ({ from: day(from), to: day(to) });

describe('a sheet of a Gantt chart', () => {
  it('holds whole columns around its day, however long they are', () => {
    for (const scale of ['day', 'week', 'month', 'quarter'] as const) {
      const sheet = sheetAround(scale, day('2026-03-18'));
      expect(sheet.from).toBeLessThan(day('2026-03-18'));
      expect(sheet.to).toBeGreaterThan(day('2026-03-18'));
      expect(sheet.to - sheet.from + 1).toBeGreaterThanOrEqual(scaleSizes[scale].days);
      const columns = columnsOfSheet(headUnits[scale][1], sheet);
      expect([columns[0]?.start, columns[0]?.from]).toEqual([sheet.from, sheet.from]);
      expect(columns.at(-1)?.to).toBe(sheet.to);
      // Nothing lies between columns, and nothing in two.
      expect(columns.slice(1).map((column) => column.from)).toEqual(
        columns.slice(0, -1).map((column) => column.to + 1),
      );
    }
    expect(dayDate(sheetAround('week', day('2026-03-18')).from)).toBe('2026-01-12');
    expect(dayDate(sheetAround('quarter', day('2026-03-18')).from).slice(5)).toMatch(/^(01|04|07|10)-01$/);
  });

  it('cuts the columns of its upper line at its edges', () => {
    const months = columnsOfSheet('month', span('2026-02-20', '2026-04-02'));
    expect(months.map((column) => [dayDate(column.from), dayDate(column.to)])).toEqual([
      ['2026-02-20', '2026-02-28'],
      ['2026-03-01', '2026-03-31'],
      ['2026-04-01', '2026-04-02'],
    ]);
    expect(columnsOfSheet('year', span('2025-12-01', '2027-01-05'))).toHaveLength(3);
    expect(columnsOfSheet('quarter', span('2026-01-01', '2026-12-31'))).toHaveLength(4);
  });

  it('shades weekends and China’s holidays, and no weekend that is worked instead', () => {
    const off = daysOff(span('2026-02-09', '2026-03-01')).map((item) => [
      dayDate(item.from),
      dayDate(item.to),
      item.name,
    ]);
    // 春节 2026: 15–23 February off, the 14th and 28th worked.
    expect(off).toEqual([
      ['2026-02-15', '2026-02-23', '春节'],
      ['2026-03-01', '2026-03-01', ''],
    ]);
  });
});

describe('a bar', () => {
  const sheet = span('2026-03-02', '2026-03-31');
  it('lies on its days, the last one included', () => {
    expect(boxOnSheet(span('2026-03-03', '2026-03-05'), sheet, 10)).toEqual({
      left: 10,
      width: 30,
      before: false,
      after: false,
    });
  });

  it('is cut at the edges and says so, and is not there beyond them', () => {
    expect(boxOnSheet(span('2026-01-01', '2026-03-02'), sheet, 10)).toEqual({
      left: 0,
      width: 10,
      before: true,
      after: false,
    });
    expect(boxOnSheet(span('2026-03-31', '2026-05-01'), sheet, 10)).toMatchObject({
      left: 290,
      width: 10,
      after: true,
    });
    expect(boxOnSheet(span('2026-04-01', '2026-05-01'), sheet, 10)).toBeUndefined();
    expect(boxOnSheet(span('2026-01-01', '2026-03-01'), sheet, 10)).toBeUndefined();
  });
});
