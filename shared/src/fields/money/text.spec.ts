import { describe, expect, it } from 'vitest';
import { type MoneyShape, moneyText } from './text.js';

describe('an amount as it reads', () => {
  it.each<[string, MoneyShape, string, string]>([
    ['123456.78', { display: 'wan' }, '12.345678 万元', '123,456.78 CNY'],
    ['580000.00', { display: 'wan' }, '58 万元', '580,000 CNY'],
    ['-5', { display: 'wan' }, '-0.0005 万元', '-5 CNY'],
    ['580000', {}, '580,000 元', '580,000 CNY'],
    ['580000.5', {}, '580,000.50 元', '580,000.50 CNY'],
    ['580000.1234', { decimals: 4 }, '580,000.1234 元', '580,000.1234 CNY'],
    ['100.6', { decimals: 0 }, '101 元', '101 CNY'],
    ['585000', { currency: 'USD', display: 'wan' }, '58.5 万 USD', '585,000 USD'],
    ['12', { currency: 'USD' }, '12 USD', '12 USD'],
  ])('%s of %o', (amount, shape, zh, en) => {
    expect([moneyText(amount, shape, 'zh'), moneyText(amount, shape, 'en')]).toEqual([zh, en]);
  });
  it('of means and shares ends at the precision of the field', () => {
    expect(moneyText('33333.333333333333', { display: 'wan' }, 'zh')).toBe('3.333333 万元');
    expect(moneyText('33333.333333333333', {}, 'zh')).toBe('33,333.33 元');
  });
  it('leaves the stars of a masked one', () => {
    expect(moneyText('***', { display: 'wan' }, 'zh')).toBe('*** 万元');
  });
});
