import { describe, expect, it } from 'vitest';
import { nextReportAt, type ReportSchedule, subscriptionBody } from './subscriptions.js';

const zone = 'Asia/Shanghai';
const next = (schedule: ReportSchedule, after: string) => nextReportAt(schedule, zone, new Date(after)).toISOString();

describe('the next report', () => {
  it('of a day is today’s, until its minute has come', () => {
    const daily: ReportSchedule = { unit: 'day', time: '09:00' };
    expect(next(daily, '2026-03-04T00:59:59Z')).toBe('2026-03-04T01:00:00.000Z');
    expect(next(daily, '2026-03-04T01:00:00Z')).toBe('2026-03-05T01:00:00.000Z');
  });

  it('of a week is on its days, Sunday the seventh', () => {
    const weekly: ReportSchedule = { unit: 'week', time: '18:30', days: [5, 7] };
    expect(next(weekly, '2026-03-04T00:00:00Z')).toBe('2026-03-06T10:30:00.000Z');
    expect(next(weekly, '2026-03-06T10:30:00Z')).toBe('2026-03-08T10:30:00.000Z');
    expect(next(weekly, '2026-03-08T10:30:00Z')).toBe('2026-03-13T10:30:00.000Z');
  });

  it('of a month without its day is on its last one', () => {
    const monthly: ReportSchedule = { unit: 'month', time: '00:05', day: 31 };
    expect(next(monthly, '2026-01-31T00:00:00Z')).toBe('2026-02-27T16:05:00.000Z');
    expect(next(monthly, '2026-03-01T00:00:00Z')).toBe('2026-03-30T16:05:00.000Z');
  });

  it('keeps its hour by the clocks of the place over a change of them', () => {
    const daily: ReportSchedule = { unit: 'day', time: '09:00' };
    const at = (after: string) => nextReportAt(daily, 'Europe/Berlin', new Date(after)).toISOString();
    expect(at('2026-03-28T12:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
  });
});

it('a subscription reaches somebody', () => {
  const body = { schedule: { unit: 'day', time: '09:00' }, members: [] };
  expect(subscriptionBody.safeParse(body).success).toBe(false);
  expect(subscriptionBody.safeParse({ ...body, schedule: { unit: 'day', time: '24:00' } }).success).toBe(false);
});
