import { expect, test } from 'vitest';
import { afterKeyword } from './keywords.js';
import type { KeywordMatch } from './triggers.js';

const rest = (match: KeywordMatch, keywords: string[], text: string) => afterKeyword({ match, keywords }, text);

test('a keyword is met as its kind says, whatever its case, width and blanks', () => {
  expect(rest('exact', ['日报'], ' 日报 ')).toBe('');
  expect(rest('exact', ['日报'], '日报 今天')).toBeUndefined();
  expect(rest('startsWith', ['报价'], '报价：华强电子')).toBe('华强电子');
  expect(rest('startsWith', ['报价'], '请报价')).toBeUndefined();
  expect(rest('contains', ['bug'], '我发现一个ＢＵＧ，打不开')).toBe('打不开');
  expect(rest('contains', ['bug'], '都好')).toBeUndefined();
});

test('the longest of several keywords counts', () => {
  expect(rest('startsWith', ['报价', '报价单'], '报价单 A1')).toBe('A1');
  expect(rest('startsWith', ['报价单', '报价'], '报价 A1')).toBe('A1');
});

test('without keywords everything is met whole', () => {
  expect(rest('startsWith', [], ' SN-1 ')).toBe('SN-1');
});
