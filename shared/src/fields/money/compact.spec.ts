import { expect, it } from 'vitest';
import { compactAmount } from './compact.js';

it.each([
  [0, '0', 'yuan'],
  [9800.5, '9,800.5', 'yuan'],
  [9999.999, '1', 'wan'],
  [360_000, '36', 'wan'],
  [-365_432, '-36.54', 'wan'],
  [99_999_999, '1', 'yi'],
  [125_000_000, '1.25', 'yi'],
  [Number.NaN, '0', 'yuan'],
])('%s yuan in Chinese: %s %s', (value, number, unit) => {
  expect(compactAmount(value, 'zh')).toEqual({ number, unit });
});

it.each([
  [9800, '9,800'],
  [10_000, '10K'],
  [360_000, '360K'],
  [365_432, '365.43K'],
  [999_999, '1M'],
  [1_200_000, '1.2M'],
  [-3_979_000, '-3.98M'],
  [1_250_000_000, '1.25B'],
])('%s yuan in English is %s CNY', (value, number) => {
  expect(compactAmount(value, 'en')).toEqual({ number, unit: 'yuan' });
});
