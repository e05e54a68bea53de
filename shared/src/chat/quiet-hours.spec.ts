import { describe, expect, it } from 'vitest';
import { type QuietHours, quietUntil } from './quiet-hours.js';

const zone = 'Asia/Shanghai';
const night: QuietHours = { on: true, from: '22:00', to: '08:30', restDays: false };
const until = (hours: QuietHours, at: string, where = zone) => quietUntil(hours, where, new Date(at))?.toISOString();

describe('quietUntil', () => {
  it.each([
    ['before it begins', '2026-03-04T21:59:59+08:00', undefined],
    ['from its first minute, to the next morning', '2026-03-04T22:00:00+08:00', '2026-03-05T00:30:00.000Z'],
    ['after midnight, to the same morning', '2026-03-05T02:00:00+08:00', '2026-03-05T00:30:00.000Z'],
    ['its last second', '2026-03-05T08:29:59+08:00', '2026-03-05T00:30:00.000Z'],
    ['its end', '2026-03-05T08:30:00+08:00', undefined],
  ])('over midnight: %s', (_, at, expected) => {
    expect(until(night, at)).toBe(expected);
  });

  it('within a day', () => {
    const noon: QuietHours = { on: true, from: '12:00', to: '13:30', restDays: false };
    expect(until(noon, '2026-03-05T11:59:00+08:00')).toBeUndefined();
    expect(until(noon, '2026-03-05T12:00:00+08:00')).toBe('2026-03-05T05:30:00.000Z');
    expect(until(noon, '2026-03-05T13:30:00+08:00')).toBeUndefined();
  });

  it('days off are silent as a whole and join the nights around them', () => {
    const weekend = { ...night, restDays: true };
    // Friday night to Monday morning.
    expect(until(weekend, '2026-03-06T23:00:00+08:00')).toBe('2026-03-09T00:30:00.000Z');
    expect(until(weekend, '2026-03-07T15:00:00+08:00')).toBe('2026-03-09T00:30:00.000Z');
    // 2026-02-28 is a Saturday that is worked.
    expect(until(weekend, '2026-02-28T15:00:00+08:00')).toBeUndefined();
    // 国庆节, to the morning of 2026-10-08.
    expect(until(weekend, '2026-10-01T12:00:00+08:00')).toBe('2026-10-08T00:30:00.000Z');
  });

  it('follows the clocks of a zone with summer time', () => {
    // New York, 2026-03-08: 02:00 becomes 03:00; the morning comes an hour sooner.
    expect(until(night, '2026-03-07T22:00:00-05:00', 'America/New_York')).toBe('2026-03-08T12:30:00.000Z');
    const gap = { ...night, from: '01:30', to: '02:30' };
    const end = quietUntil(gap, 'America/New_York', new Date('2026-03-08T01:45:00-05:00'));
    expect(end && end > new Date('2026-03-08T01:45:00-05:00')).toBe(true);
  });

  it('is never when off or without length', () => {
    expect(until({ ...night, on: false }, '2026-03-05T02:00:00+08:00')).toBeUndefined();
    expect(until({ ...night, to: '22:00' }, '2026-03-05T22:00:00+08:00')).toBeUndefined();
  });
});
