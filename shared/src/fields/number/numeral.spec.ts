import { describe, expect, it } from 'vitest';
import { groupThousands, roundNumeral, shiftPoint } from './numeral.js';

describe('numerals', () => {
  it.each([
    ['580000', -4, '58'],
    ['585000.00', -4, '58.5'],
    ['1', -4, '0.0001'],
    ['-12.5', 4, '-125000'],
    ['-0.00', 4, '0'],
    ['.5', 4, '5000'],
    ['abc', 4, 'abc'],
    ['', 4, ''],
    ['123456789012345678901234567890', -4, '12345678901234567890123456.789'],
  ])('%s by %i places is %s', (text, places, expected) => expect(shiftPoint(text, places)).toBe(expected));

  it.each([
    ['1234567.455', 2, '1234567.46'],
    ['999.999', 2, '1000.00'],
    ['0.5', 0, '1'],
    ['-0.001', 2, '0.00'],
    ['-1.005', 2, '-1.01'],
    ['58', 2, '58.00'],
    ['1e5', 2, '1e5'],
  ])('%s to %i places is %s', (text, decimals, expected) => expect(roundNumeral(text, decimals)).toBe(expected));

  it('sets thousands apart', () => {
    expect(['1234567.5', '-1000', '+999', '1e5', ''].map(groupThousands)).toEqual([
      ...['1,234,567.5', '-1,000', '999', '1e5', ''],
    ]);
  });
});
