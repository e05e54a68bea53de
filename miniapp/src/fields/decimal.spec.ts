import { describe, expect, it } from 'vitest';
import { inWan } from './decimal.js';

describe('an amount in 万元', () => {
  it('says all of it (123,456.78 was shown as 12.35 万元)', () => {
    expect(inWan('123456.78')).toBe('12.345678');
    expect(inWan('-5')).toBe('-0.0005');
  });
  it('is short where it can be', () => {
    expect(['580000.00', '1200000000', '0'].map(inWan)).toEqual(['58', '120,000', '0']);
  });
});
