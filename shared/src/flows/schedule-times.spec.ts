import { describe, expect, it } from 'vitest';
import {
  byPolicy,
  candidateRange,
  type DateTrigger,
  duesBetween,
  nextDue,
  nextLook,
  recordDue,
} from './schedule-times.js';

const zone = 'Asia/Shanghai';
const at = (text: string) => new Date(`${text}+08:00`);
const iso = (date: Date | undefined | null) => date?.toISOString();

describe('plans', () => {
  it('fall due at their time of day in the zone of the company', () => {
    expect(nextDue({ every: 'day', n: 1, at: '09:00' }, at('2026-03-04T08:59'), zone)).toEqual(at('2026-03-04T09:00'));
    expect(nextDue({ every: 'day', n: 1, at: '09:00' }, at('2026-03-04T09:00'), zone)).toEqual(at('2026-03-05T09:00'));
    expect(nextDue({ every: 'week', days: [1, 5], at: '18:30' }, at('2026-03-04T09:00'), zone)).toEqual(
      at('2026-03-06T18:30'),
    );
    expect(nextDue({ every: 'minutes', n: 15 }, at('2026-03-04T09:01'), zone)).toEqual(at('2026-03-04T09:15'));
  });

  it('know the last day of every month, and pass over months without a 31st', () => {
    const ends = duesBetween(
      { every: 'month', days: [-1], at: '00:00' },
      at('2026-01-01T00:00'),
      at('2026-04-01T00:00'),
      zone,
    );
    expect(ends).toEqual(['2026-01-31', '2026-02-28', '2026-03-31'].map((day) => at(`${day}T00:00`)));
    const thirtyFirst = duesBetween(
      { every: 'month', days: [31], at: '09:00' },
      at('2026-01-01T00:00'),
      at('2026-06-01T00:00'),
      zone,
    );
    expect(thirtyFirst.map((due) => due.getUTCMonth() + 1)).toEqual([1, 3, 5]);
  });

  it('wait for a leap year, and give up on a day that never comes', () => {
    expect(nextDue({ every: 'year', month: 2, day: 29, at: '09:00' }, at('2026-03-01T00:00'), zone)).toEqual(
      at('2028-02-29T09:00'),
    );
    expect(nextDue({ every: 'year', month: 2, day: 31, at: '09:00' }, at('2026-03-01T00:00'), zone)).toBeUndefined();
  });

  it('repeat within hours of chosen days, both ends included', () => {
    const plan = { every: 'within', n: 30, days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' } as const;
    const of = (text: string) => iso(nextDue({ ...plan, days: [...plan.days] }, at(text), zone));
    expect(of('2026-03-04T03:00')).toBe(iso(at('2026-03-04T09:00')));
    expect(of('2026-03-04T09:00')).toBe(iso(at('2026-03-04T09:30')));
    expect(of('2026-03-04T17:30')).toBe(iso(at('2026-03-04T18:00')));
    // Friday evening: on to Monday.
    expect(of('2026-03-06T18:00')).toBe(iso(at('2026-03-09T09:00')));
    const uneven = { every: 'within', n: 50, days: [3], from: '09:10', to: '11:00' } as const;
    expect(
      duesBetween({ ...uneven, days: [3] }, at('2026-03-04T00:00'), at('2026-03-05T00:00'), zone).map((due) =>
        iso(due),
      ),
    ).toEqual(['09:10', '10:00', '10:50'].map((time) => iso(at(`2026-03-04T${time}`))));
    expect(nextDue({ ...uneven, days: [3], to: '09:00' }, at('2026-03-04T00:00'), zone)).toBeUndefined();
  });

  it('know the working days of China: holidays are passed over, weekends worked instead are not', () => {
    // The first days of October 2025 were off until the 8th; Sunday 28 September was worked.
    const plan = { every: 'workday', at: '09:00' } as const;
    const dues = duesBetween(plan, at('2025-09-26T12:00'), at('2025-10-11T23:00'), zone);
    expect(dues.map((due) => iso(due))).toEqual(
      ['09-28', '09-29', '09-30', '10-09', '10-10', '10-11'].map((day) => iso(at(`2025-${day}T09:00`))),
    );
    const within = { every: 'within', n: 60, days: 'work', from: '09:00', to: '18:00' } as const;
    expect(nextDue(within, at('2025-09-30T18:00'), zone)).toEqual(at('2025-10-09T09:00'));
  });

  it('cross the new year', () => {
    expect(nextDue({ every: 'day', n: 1, at: '00:00' }, at('2026-12-31T23:59:59'), zone)).toEqual(
      at('2027-01-01T00:00'),
    );
  });
});

describe('missed times', () => {
  const plan = { every: 'minutes', n: 30 } as const;
  const now = at('2026-03-04T11:00:30');
  const dues = duesBetween(plan, at('2026-03-04T09:00'), now, zone);

  it('are run each, once, or not at all', () => {
    expect(dues).toHaveLength(4);
    expect(byPolicy(dues, now, 'all')).toHaveLength(4);
    expect(byPolicy(dues, now, 'once')).toEqual([at('2026-03-04T11:00')]);
    expect(byPolicy(dues, now, 'skip')).toEqual([at('2026-03-04T11:00')]);
    const late = at('2026-03-04T11:20');
    expect(byPolicy(dues, late, 'once')).toEqual([at('2026-03-04T11:00')]);
    expect(byPolicy(dues, late, 'skip')).toEqual([]);
  });
});

describe('dates of records', () => {
  const trigger = (more: Partial<DateTrigger> = {}): DateTrigger => ({
    type: 'dateArrives',
    formId: 'f' as never,
    field: 'end',
    amount: -7,
    unit: 'day',
    missed: 'all',
    ...more,
  });

  it('fall due days before, at the time of day', () => {
    expect(recordDue(trigger({ at: '09:00' }), '2026-03-11', zone)).toEqual(at('2026-03-04T09:00'));
    expect(recordDue(trigger(), '2026-03-11', zone)).toEqual(at('2026-03-04T09:00'));
    expect(recordDue(trigger(), at('2026-03-11T14:20').toISOString(), zone)).toEqual(at('2026-03-04T14:20'));
    expect(recordDue(trigger({ unit: 'hour', amount: 2 }), at('2026-03-11T14:20').toISOString(), zone)).toEqual(
      at('2026-03-11T16:20'),
    );
    expect(recordDue(trigger({ unit: 'month', amount: 1, at: '09:00' }), '2026-01-31', zone)).toEqual(
      at('2026-02-28T09:00'),
    );
    expect(recordDue(trigger(), null, zone)).toBeNull();
  });

  it('are found by a range that holds every value due in a window', () => {
    for (const unit of ['minute', 'hour', 'day', 'month'] as const)
      for (const amount of [-31, -1, 0, 1, 12])
        for (let day = 1; day <= 28; day++) {
          const value = `2026-02-${String(day).padStart(2, '0')}`;
          const one = trigger({ unit, amount, ...(unit === 'day' || unit === 'month' ? { at: '23:30' } : {}) });
          const due = recordDue(one, value, zone) as Date;
          const range = candidateRange(one, new Date(due.getTime() - 60_000), due);
          expect(
            range.from <= at(`${value}T00:00`) && at(`${value}T00:00`) <= range.to,
            `${unit} ${amount} ${value}`,
          ).toBe(true);
        }
  });

  it('are looked for at their time of day, or often', () => {
    expect(iso(nextLook(trigger({ at: '09:00' }), true, at('2026-03-04T09:00'), zone))).toBe(
      iso(at('2026-03-05T09:00')),
    );
    expect(iso(nextLook(trigger(), false, at('2026-03-04T09:00'), zone))).toBe(iso(at('2026-03-04T09:00:20')));
  });
});
