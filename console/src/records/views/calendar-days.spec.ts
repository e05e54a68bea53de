import { describe, expect, it } from 'vitest';
import { boundsOf, dayOf, daysBetween, daysOf, moveDays, onDays } from './calendar-days.js';

const date = { type: 'date' } as const;
const datetime = { type: 'datetime' } as const;

describe('a calendar sheet', () => {
  it('holds whole weeks from Monday', () => {
    const days = daysOf('2026-03');
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-02-23', '2026-04-05', 42]);
    expect(daysOf('2027-02')).toHaveLength(28);
  });

  it('puts an instant on its day in the company’s zone, and moves it keeping its time of day', () => {
    expect(dayOf(datetime, '2026-03-04T17:00:00Z')).toBe('2026-03-05');
    expect(moveDays(datetime, '2026-03-04T17:00:00.000Z', 2)).toBe('2026-03-06T17:00:00.000Z');
    expect(moveDays(date, '2026-02-28', 1)).toBe('2026-03-01');
    expect(daysBetween('2026-02-28', '2026-03-02')).toBe(2);
    expect(dayOf(date, null)).toBeUndefined();
  });

  it('asks for what began before it and is not over yet (an event of two months was gone in the second)', () => {
    const [start, end] = [
      { id: 'f_start00000', type: 'date' as const },
      { id: 'f_end0000000', type: 'datetime' as const },
    ];
    const begins = { field: start.id, op: 'between', value: ['2027-02-01', '2027-02-28'] };
    expect(onDays(start, undefined, daysOf('2027-02'))).toEqual(begins);
    expect(onDays(start, end, daysOf('2027-02'))).toEqual({
      or: [
        begins,
        {
          and: [
            { field: start.id, op: 'lt', value: '2027-02-01' },
            { field: end.id, op: 'gte', value: '2027-01-31T16:00:00.000Z' },
          ],
        },
      ],
    });
  });

  it('asks for everything of its first and last day', () => {
    expect(boundsOf(date, daysOf('2027-02'))).toEqual(['2027-02-01', '2027-02-28']);
    expect(boundsOf(datetime, daysOf('2027-02'))).toEqual(['2027-01-31T16:00:00.000Z', '2027-02-28T15:59:59.000Z']);
  });
});
