import { describe, expect, it } from 'vitest';
import { ManualClock, ShiftedClock } from './clock.js';

describe('ManualClock', () => {
  it('stands still until advanced or set', () => {
    const clock = new ManualClock('2025-03-01T00:00:00Z');
    expect(clock.now()).toEqual(clock.now());
    clock.advance(90_000);
    expect(clock.now().toISOString()).toBe('2025-03-01T00:01:30.000Z');
    clock.set('2026-01-01T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('hands out copies', () => {
    const clock = new ManualClock('2025-03-01T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getUTCFullYear()).toBe(2025);
  });

  it('refuses what is not an instant', () => {
    expect(() => new ManualClock('yesterday')).toThrow('yesterday');
  });
});

describe('ShiftedClock', () => {
  it('runs ahead of its base and never back', () => {
    const base = new ManualClock('2025-03-01T00:00:00Z');
    const clock = new ShiftedClock(base);
    clock.advance(3 * 86_400_000);
    base.advance(1_000);
    expect(clock.now().toISOString()).toBe('2025-03-04T00:00:01.000Z');
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(clock.ahead).toBe(3 * 86_400_000);
  });
});
