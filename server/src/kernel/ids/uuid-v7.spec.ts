import { isUuid } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/clock.js';
import { UuidV7, uuidTime } from './uuid-v7.js';

describe('UuidV7', () => {
  it('carries version, variant and the time', () => {
    const clock = new ManualClock('2025-03-01T08:00:00.123Z');
    const id = new UuidV7(clock).next();
    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidTime(id)).toBe(clock.now().getTime());
  });

  it('is strictly increasing within a millisecond, over milliseconds, and when the clock steps back', () => {
    const clock = new ManualClock('2025-03-01T08:00:00Z');
    const ids = new UuidV7(clock);
    const made: string[] = [];
    for (let round = 0; round < 5_000; round += 1) {
      made.push(ids.next());
      if (round % 1_000 === 500) clock.advance(1);
      if (round === 3_000) clock.advance(-10_000);
    }
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('keeps the order when the counter runs over', () => {
    const ids = new UuidV7(new ManualClock('2025-03-01T08:00:00Z'), (bytes) => bytes.fill(0xff));
    const first = ids.next();
    Object.assign(ids, { counter: 2 ** 32 - 1 });
    const second = ids.next();
    expect(second > first).toBe(true);
    expect(uuidTime(second)).toBe((uuidTime(first) ?? 0) + 1);
  });

  it('reads no time from another version', () => {
    expect(uuidTime('3f2504e0-4f89-41d3-9a0c-0305e82c3301')).toBeUndefined();
  });
});
