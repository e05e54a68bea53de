import type { PoolView } from '@lianke/shared/pools/api';
import { describe, expect, it } from 'vitest';
import { t } from '../i18n/index.js';
import { formInPool, standingText, stopOf } from './pools.js';
import type { FormView } from './record-types.js';

const pool = (part: Partial<PoolView> = {}): PoolView =>
  ({ held: 2, holds: 3, today: 1, daily: 2, fields: [{ key: 'name', right: 'read' }], ...part }) as PoolView;

describe('the pool on the phone', () => {
  it('stops at what one may own, then at what one may claim a day', () => {
    expect(stopOf(pool())).toBeUndefined();
    expect(stopOf(pool({ held: 3, today: 2 }))).toBe('pool.full');
    expect(stopOf(pool({ today: 2 }))).toBe('pool.usedUp');
    expect(stopOf(pool({ held: 99, holds: null, today: 99, daily: null }))).toBeUndefined();
  });

  it('says how one stands, with the limits there are', () => {
    expect(standingText(t, pool())).toBe('我负责 2 / 3 条 · 今天领取 1 / 2 条');
    expect(standingText(t, pool({ holds: null, daily: null }))).toBe('我负责 2 条 · 今天领取 1 条');
  });

  it('has only the fields that are shown before claiming, masked ones marked', () => {
    const fields = [{ key: 'name' }, { key: 'phone' }, { key: 'amount' }];
    const open: PoolView['fields'] = [
      { key: 'name', right: 'read' },
      { key: 'phone', right: 'masked' },
    ];
    expect(formInPool({ fields } as unknown as FormView, pool({ fields: open })).fields).toEqual([
      { key: 'name' },
      { key: 'phone', masked: true },
    ]);
  });
});
