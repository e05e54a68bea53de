import { describe, expect, it } from 'vitest';
import { addWorkDaysAt, addWorkTime, workTimeBetween } from './work-hours.js';

const zone = 'Asia/Shanghai';
const hours = { from: '09:00', to: '18:00' };
const at = (text: string) => new Date(`${text}:00+08:00`);
const hour = 3_600_000;

describe('working time', () => {
  it.each([
    ['within a day', '2026-03-02T09:30', 3, '2026-03-02T12:30'],
    ['into the next day', '2026-03-02T17:00', 2, '2026-03-03T10:00'],
    ['over a weekend', '2026-03-06T17:00', 2, '2026-03-09T10:00'],
    ['begun before work', '2026-03-02T06:00', 1, '2026-03-02T10:00'],
    ['begun after work', '2026-03-02T21:00', 1, '2026-03-03T10:00'],
    ['24 working hours are two days and six hours', '2026-03-02T09:00', 24, '2026-03-04T15:00'],
    ['over National Day 2026 with its 调休', '2026-09-30T17:00', 2, '2026-10-08T10:00'],
  ])('%s', (_name, from, count, to) => {
    expect(addWorkTime(zone, at(from), count * hour, hours)).toEqual(at(to));
    expect(workTimeBetween(zone, at(from), at(to), hours)).toBe(count * hour);
  });

  it('a weekend worked instead counts', () => {
    // 2026-02-14, a Saturday, is worked for the Spring Festival.
    expect(addWorkTime(zone, at('2026-02-13T17:00'), 2 * hour, hours)).toEqual(at('2026-02-14T10:00'));
  });

  it('working days keep the time of day', () => {
    expect(addWorkDaysAt(zone, at('2026-03-06T16:20'), 1)).toEqual(at('2026-03-09T16:20'));
  });
});
