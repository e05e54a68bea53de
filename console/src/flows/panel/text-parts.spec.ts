import { describe, expect, it } from 'vitest';
import { insertPart, tidyParts } from './text-parts.js';

const ref = { source: 'trigger', path: 'f_0000000001' };
const other = { source: 'trigger', path: 'owner' };

describe('insertPart', () => {
  it('replaces the @ that asked for it', () => {
    expect(insertPart([{ text: '【新客户】@，请跟进' }], { index: 0, offset: 6 }, { ref }, 1)).toEqual([
      { text: '【新客户】' },
      { ref },
      { text: '，请跟进' },
    ]);
  });

  it('goes to the end without a caret, and after a chip', () => {
    expect(insertPart([{ text: 'a' }], undefined, { ref })).toEqual([{ text: 'a' }, { ref }]);
    expect(insertPart([{ ref: other }], { index: 1, offset: 0 }, { ref })).toEqual([{ ref: other }, { ref }]);
    expect(insertPart([], { index: 0, offset: 0 }, { ref })).toEqual([{ ref }]);
  });
});

describe('tidyParts', () => {
  it('joins texts and drops empty ones', () => {
    expect(tidyParts([{ text: '' }, { text: 'a' }, { text: 'b' }, { ref }, { text: '' }])).toEqual([
      { text: 'ab' },
      { ref },
    ]);
  });
});
