import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldTranslate, foldTranslateFor } from './fold.js';

/** What PostgreSQL's `translate` does. */
function translate(text: string, { from, to }: { from: string; to: string }): string {
  const source = [...from];
  const target = [...to];
  return [...text].map((char) => (source.includes(char) ? (target[source.indexOf(char)] ?? '') : char)).join('');
}

const text = fc.string({ unit: fc.constantFrom(...'aAbBzＡａＢ１1０0　 .．客户𠮷é') });

describe('folding', () => {
  it('is what translate does with the whole alphabet', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(translate(value, foldTranslate)).toBe(fold(value));
      }),
    );
  });

  it('finds the same with only the characters of what is looked for', () => {
    fc.assert(
      fc.property(text, text, (value, wanted) => {
        const needle = fold(wanted);
        const short = translate(value, foldTranslateFor(needle));
        expect(short.includes(needle)).toBe(fold(value).includes(needle));
        expect(short.startsWith(needle)).toBe(fold(value).startsWith(needle));
      }),
    );
  });

  it('leaves a text as it is when Chinese characters alone are looked for', () => {
    expect(foldTranslateFor('软件')).toEqual({ from: '', to: '' });
    expect(foldTranslateFor('a户')).toEqual({ from: 'ＡａA', to: 'aaa' });
  });
});
