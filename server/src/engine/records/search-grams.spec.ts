import { describe, expect, it } from 'vitest';
import type { FormMeta } from '../forms/form-meta.js';
import { gramSeparator, queryGrams, recordGrams } from './search-grams.js';

const field = (id: string) => ({ id }) as unknown as FormMeta['searchFields'][number];
const title = field('title');
const form = { searchFields: [title, field('note'), field('tags')], title };
const gramsOf = (values: Parameters<typeof recordGrams>[1]) => recordGrams(form, values).split(gramSeparator);

describe('grams of a record', () => {
  it('are its characters and pairs of them, each once, with the initials of its title', () => {
    expect(gramsOf({ title: '上海上海' })).toEqual(['上', '上海', '海', '海上', '~sh', '~hs']);
    expect(gramsOf({ note: 'ABＡb' })).toEqual(['a', 'ab', 'b', 'ba']);
    expect(gramsOf({ tags: ['重点', '重要'] })).toEqual(['重', '重点', '点', '重要', '要']);
    expect(recordGrams(form, { title: null })).toBe('');
  });

  it('do not reach over blanks, nor into what stands between grams', () => {
    expect(gramsOf({ note: `甲 乙${gramSeparator}丙` })).toEqual(['甲', '乙', '丙']);
  });

  it('keep characters beyond the basic plane whole', () => {
    expect(gramsOf({ note: '𠀀😀甲' })).toEqual(['𠀀', '𠀀😀', '😀', '😀甲', '甲']);
  });

  it('hold those of one record only, however many it and the one before have', () => {
    const many = Array.from({ length: 400 }, (_, at) => String.fromCodePoint(0x4e00 + at * 3, 0x4e01 + at * 3));
    const first = gramsOf({ tags: many });
    expect(first).toHaveLength(1200);
    expect(new Set(first).size).toBe(1200);
    expect(gramsOf({ tags: many })).toEqual(first);
    expect(gramsOf({ note: '丙丁' })).toEqual(['丙', '丙丁', '丁']);
  });

  it('hold what a search for part of the text asks for', () => {
    const grams = gramsOf({ title: '杭州软件有限公司128' });
    for (const text of ['软件', '有限公司', '司12', '28'])
      expect(grams).toEqual(expect.arrayContaining(queryGrams(text)));
  });
});
